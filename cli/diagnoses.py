"""The words of `doctor`: what a finding means for a coach, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from cli import words
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from vault.doctor import Finding

    Facts = Mapping[str, object]


class Diagnosis(NamedTuple):
    """What was found means this; and this mends it: a command or a step, "" if there is none."""

    meaning: str
    mend: str


_KEEPER = N_("Ask whoever looks after this computer.")

NAMES = {
    "header": N_("the vault's header"),
    "parameters": N_("work per guess"),
    "version": N_("version"),
    "cloud": N_("cloud folders"),
    "backup": N_("other backups"),
    "marks": N_("marks against backups"),
    "snapshots": N_("snapshots"),
    "history": N_("secrets in the shell's history"),
    "history-traces": N_("traces in the shell's history"),
    "environment": N_("secrets in the shell's settings"),
    "recording": N_("recording of the terminal"),
    "one-place": N_("number of places"),
    "anchor": N_("strength of the anchor"),
    "anchor-missing": N_("presence of the anchor"),
    "disk": N_("encryption of the disk"),
    "swap": N_("swap"),
    "hibernation": N_("hibernation"),
    "permissions": N_("permissions"),
    "network-disk": N_("network disks"),
    "no-permissions": N_("file systems without permissions"),
    "clock": N_("clock"),
    "clock-kept": N_("keeping of the clock"),
    "server-country": N_("country of the server"),
    "core-dumps": N_("images of crashes"),
    "debugger": N_("debuggers"),
}
"""What each check is called in a list."""


def headings() -> dict[str, str]:
    """What stands above the findings of each severity."""
    return {"serious": _("Serious"), "warning": _("To mend"), "info": _("Good to know")}


def diagnosis(finding: Finding, anchors: str, home: str) -> Diagnosis | None:
    """What a finding means, None if nothing was found. `anchors`: the folder of the anchors, told from `home` on."""
    if finding.state != "found":
        return None
    folder = "~" + anchors.removeprefix(home) if home and anchors.startswith(home.rstrip("/") + "/") else anchors
    return _WORDS[finding.id](finding.facts, folder)


def quiet_lines(findings: Sequence[Finding]) -> list[str]:
    """One sentence each for what was not found, for what was not checked and why, and for what nobody can check."""
    told: dict[str, list[str]] = {}
    for finding in findings:
        if finding.state != "found":
            reason = str(finding.facts.get("reason", ""))
            told.setdefault(reason, []).append(_name(finding))
    sentences = {
        "": _("Nothing found: {names}."),
        "vault": _("There is no vault here yet; not checked without one: {names}."),
        "unlock": _("Only the opened vault tells, with ongemerkt doctor --unlock: {names}."),
        "damaged": _("Not checked, since the vault's header can't be read: {names}."),
    }
    lines = [sentences[reason].format(names=words.listed(told.pop(reason))) for reason in sentences if reason in told]
    if told:
        names = words.listed([name for each in told.values() for name in each])
        lines.append(_("Could not be checked on this computer: {names}.").format(names=names))
    lines.append(_("No check sees: copies made elsewhere, pictures of the screen, paper, what flash keeps."))
    return lines


def _name(finding: Finding) -> str:
    programs = _texts(finding.facts, "programs")
    name = _(NAMES[finding.id])
    return f"{name} ({words.listed(programs)})" if programs else name


# -- facts


def _texts(facts: Facts, name: str) -> list[str]:
    value = facts.get(name)
    return [str(each) for each in value] if isinstance(value, list) else []


def _number(facts: Facts, name: str) -> int:
    value = facts.get(name)
    return value if isinstance(value, int) else 0


def _folders(folders: Sequence[str]) -> str:
    if len(folders) > 1:
        return _("vault and anchor")
    return _("the vault") if "vault" in folders else _("the anchor")


def _entries(facts: Facts) -> str:
    """Such as "3 entries in ~/.bash_history"."""
    value = facts.get("files")
    parts = []
    for each in value if isinstance(value, list) else []:
        text = ngettext("{n} entry in {file}", "{n} entries in {file}", each["entries"])
        parts.append(text.format(n=each["entries"], file=each["file"]))
    return words.listed(parts)


# -- findings


def _header(facts: Facts, folder: str) -> Diagnosis:
    return Diagnosis(
        _("The vault's header is damaged, or somebody tampered with it. The vault will not open."),
        _("Change nothing there. Move the vault's folder aside, then: ongemerkt restore --place DIR"),
    )


def _parameters(facts: Facts, folder: str) -> Diagnosis:
    return Diagnosis(
        _("Guessing at your passphrase takes less work than usual."), "ongemerkt passphrase change --cost normal"
    )


def _version(facts: Facts, folder: str) -> Diagnosis:
    if facts["newer_vault"]:
        return Diagnosis(_("The vault was written by a newer version of ongemerkt."), _("Update the program."))
    month = words.month(_number(facts, "month"))
    return Diagnosis(
        _("This version is of {month}. What was mended since then is missing.").format(month=month),
        _("Look for a newer version where you got this one."),
    )


def _cloud(facts: Facts, folder: str) -> Diagnosis:
    vault, anchor = _texts(facts, "vault"), _texts(facts, "anchor")
    if anchor:
        text = ngettext(
            "{services} copies the anchor. With an old copy of it, what you destroyed can come back.",
            "{services} copy the anchor. With an old copy of it, what you destroyed can come back.",
            len(anchor),
        )
        services = anchor
    else:
        text = ngettext(
            "{services} copies the vault's folder. It is sealed, but every change shows, and when.",
            "{services} copy the vault's folder. It is sealed, but every change shows, and when.",
            len(vault),
        )
        services = vault
    place = folder if anchor else _("the vault")
    mend = _("Put {place} outside that folder, or leave it out in the settings of {services}.")
    return Diagnosis(
        text.format(services=words.listed(services)), mend.format(place=place, services=words.listed(services))
    )


def _backup(facts: Facts, folder: str) -> Diagnosis:
    vault, anchor = _texts(facts, "vault"), _texts(facts, "anchor")
    if anchor:
        text = ngettext(
            "{programs} takes the anchor along. With an old backup, what you destroyed can come back.",
            "{programs} take the anchor along. With an old backup, what you destroyed can come back.",
            len(anchor),
        )
        mend = _("Leave {folder} out there, and throw old backups of it away.").format(folder=folder)
        return Diagnosis(text.format(programs=words.listed(anchor)), mend)
    text = ngettext(
        "{programs} takes the vault along: sealed and without keys, so it can be put back only with another place.",
        "{programs} take the vault along: sealed and without keys, so it can be put back only with another place.",
        len(vault),
    )
    return Diagnosis(text.format(programs=words.listed(vault)), "")


def _marks(facts: Facts, folder: str) -> Diagnosis:
    return Diagnosis(_("The anchor's folder lacks the mark that keeps it out of backups."), "ongemerkt doctor --mend")


def _snapshots(facts: Facts, folder: str) -> Diagnosis:
    kinds = words.listed(_texts(facts, "kinds"))
    if facts["kept"]:
        text = _("The disk keeps old versions ({kinds}). With an old anchor, what you destroyed can come back.")
    else:
        text = _("The disk can keep old versions ({kinds}). With an old anchor, what you destroyed could come back.")
    return Diagnosis(text.format(kinds=kinds), _("Keep {folder} out of snapshots.").format(folder=folder))


def _history(facts: Facts, folder: str) -> Diagnosis:
    text = _("Your shell remembers text of a note, a passphrase or a code: {entries}.")
    return Diagnosis(text.format(entries=_entries(facts)), "ongemerkt doctor --clean-history")


def _traces(facts: Facts, folder: str) -> Diagnosis:
    text = _("Your shell remembers when you worked, what you searched or for whom: {entries}.")
    mend = _("{command}; a blank before a command keeps it out of most histories").format(
        command="ongemerkt doctor --clean-history"
    )
    return Diagnosis(text.format(entries=_entries(facts)), mend)


def _environment(facts: Facts, folder: str) -> Diagnosis:
    names = _texts(facts, "variables")
    text = ngettext(
        "Every program you start can read a secret of the vault in {names}.",
        "Every program you start can read secrets of the vault in {names}.",
        len(names),
    )
    mend = _("{command}, and take it out of your shell's own files").format(command="unset " + " ".join(names))
    return Diagnosis(text.format(names=words.listed(names)), mend)


def _recording(facts: Facts, folder: str) -> Diagnosis:
    programs = _texts(facts, "programs")
    text = ngettext(
        "{programs} writes down what this terminal shows, notes included.",
        "{programs} write down what this terminal shows, notes included.",
        len(programs),
    )
    return Diagnosis(
        text.format(programs=words.listed(programs)), _("Stop that, destroy its file, and work in a new terminal.")
    )


def _one_place(facts: Facts, folder: str) -> Diagnosis:
    text = _("The keys are on this computer only. If it breaks, the notes are gone.")
    return Diagnosis(text, "ongemerkt place add " + _("DIR"))


def _anchor(facts: Facts, folder: str) -> Diagnosis:
    if facts["disk"] == "rotating":
        return Diagnosis(_("The anchor is a file on a turning disk; an old one is overwritten where it was."), "")
    if facts["disk"] == "flash":
        text = _("The anchor is a file on flash. A laboratory may find an old one, and with it what you destroyed.")
    else:
        text = _("The anchor is a file. How well this disk wipes an old one can't be told.")
    mend = _("The chip (TPM) in this computer forgets for certain: ongemerkt anchor move tpm")
    return Diagnosis(text, mend if facts["chip"] else "")


def _anchor_missing(facts: Facts, folder: str) -> Diagnosis:
    return Diagnosis(
        _("The anchor of this vault is not on this computer; without it nothing opens."),
        _("Move the vault's folder aside, then: ongemerkt restore --place DIR"),
    )


def _disk(facts: Facts, folder: str) -> Diagnosis:
    text = _(
        "The disk under {what} is not encrypted. Whoever has the computer can copy all files, and guess at leisure."
    )
    what = _folders(_texts(facts, "folders"))
    return Diagnosis(text.format(what=what), _("Have the whole disk encrypted (LUKS).") + " " + _(_KEEPER))


def _swap(facts: Facts, folder: str) -> Diagnosis:
    return Diagnosis(
        _("Pieces of memory, text of notes too, may be written to the disk unencrypted (swap)."),
        _("Have swap encrypted, or kept in memory (zram).") + " " + _(_KEEPER),
    )


def _hibernation(facts: Facts, folder: str) -> Diagnosis:
    if facts["set_up"]:
        text = _("This computer is set up to hibernate: then all of memory goes to the disk unencrypted, keys too.")
    else:
        text = _("If this computer hibernates, all of memory goes to the disk unencrypted, keys too.")
    return Diagnosis(text, "sudo systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target")


def _permissions(facts: Facts, folder: str) -> Diagnosis:
    text = _("Others on this computer can look into the folder of {what}.")
    return Diagnosis(text.format(what=_folders(_texts(facts, "folders"))), "ongemerkt doctor --mend")


def _network(facts: Facts, folder: str) -> Diagnosis:
    text = _(
        "On a disk in the network: {what}. Whoever keeps that disk has every old version, and sees when you write."
    )
    return Diagnosis(text.format(what=_folders(_texts(facts, "folders"))), _("Put it on this computer's own disk."))


def _no_permissions(facts: Facts, folder: str) -> Diagnosis:
    text = _("On a disk that knows no permissions, such as FAT: {what}. Everybody at this computer can copy it.")
    return Diagnosis(text.format(what=_folders(_texts(facts, "folders"))), _("Put it on this computer's own disk."))


_SET_CLOCK = "sudo timedatectl set-ntp true"


def _clock(facts: Facts, folder: str) -> Diagnosis:
    behind, ahead = _number(facts, "behind"), _number(facts, "ahead")
    if behind:
        text = ngettext("The clock is {n} month behind.", "The clock is {n} months behind.", behind)
    else:
        text = ngettext("The clock seems to be {n} month ahead.", "The clock seems to be {n} months ahead.", ahead)
    told = text.format(n=behind or ahead) + " " + _("Notes expire by it.")
    return Diagnosis(told, _SET_CLOCK)


def _clock_kept(facts: Facts, folder: str) -> Diagnosis:
    return Diagnosis(_("Nothing seems to keep the clock right; notes expire by it."), _SET_CLOCK)


def _country(facts: Facts, folder: str) -> Diagnosis:
    from cli import synced
    from cli.countrynames import country_name

    rule = synced.rule(str(facts["rule"]))
    names = [country_name(str(each)) if each else _("an unknown country") for each in _listed(facts)]
    stands = {
        "loopback": _("on this computer itself"),
        "private": _("in your own network; in which country, the address does not tell"),
        "country": _("in {country}").format(country=words.listed(names)),
        "": _("unknown"),
    }[str(facts["place"])]
    data = _number(facts, "data_month")
    month = words.month(data) if data else ""
    if not facts["allowed"]:
        text = _("The server may stand {rule}, and its address does not tell that it does. Nothing is sent to it.")
        return Diagnosis(text.format(rule=rule), _("Ask its keeper where it stands now."))
    text = _("The server may stand {rule}; it stands {stands}.").format(rule=rule, stands=stands)
    if month:
        text += " " + _("The data on countries are of {month}.").format(month=month)
    if facts["stale"]:
        return Diagnosis(text, _("Update the program: these data are too old to go by."))
    return Diagnosis(text, "ongemerkt sync country nl" if facts["rule"] == "any" else "")


def _listed(facts: Facts) -> list[object]:
    value = facts.get("countries")
    return value if isinstance(value, list) else []


def _core_dumps(facts: Facts, folder: str) -> Diagnosis:
    collector = str(facts["collector"])
    if collector:
        text = _(
            "When a program crashes, {collector} keeps its memory. ongemerkt allows none; a terminal may hold text."
        )
        return Diagnosis(text.format(collector=collector), _("Have it switched off.") + " " + _(_KEEPER))
    text = _("A program that crashes leaves its memory in a file. ongemerkt does not; a terminal may hold text.")
    return Diagnosis(text, "ulimit -c 0")


def _debugger(facts: Facts, folder: str) -> Diagnosis:
    return Diagnosis(
        _("Any program you start may look into another's memory; not into ongemerkt, but into your terminal."),
        "sudo sysctl kernel.yama.ptrace_scope=1",
    )


_WORDS: dict[str, Callable[[Facts, str], Diagnosis]] = {
    "header": _header,
    "parameters": _parameters,
    "version": _version,
    "cloud": _cloud,
    "backup": _backup,
    "marks": _marks,
    "snapshots": _snapshots,
    "history": _history,
    "history-traces": _traces,
    "environment": _environment,
    "recording": _recording,
    "one-place": _one_place,
    "anchor": _anchor,
    "anchor-missing": _anchor_missing,
    "disk": _disk,
    "swap": _swap,
    "hibernation": _hibernation,
    "permissions": _permissions,
    "network-disk": _network,
    "no-permissions": _no_permissions,
    "clock": _clock,
    "clock-kept": _clock_kept,
    "server-country": _country,
    "core-dumps": _core_dumps,
    "debugger": _debugger,
}
