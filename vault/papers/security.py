"""The security measures (art. 32 AVG) as they are set in the vault. Pure."""

from vault.papers import parts
from vault.papers.facts import Facts
from vault.papers.model import Rows, Say, Section


def security(say: Say, facts: Facts) -> Section:
    """The section on security of the register of processing activities."""
    title = say("8. Beveiliging (onder g; art. 32)", "8. Security (g; art. 32)")
    rows = (
        (
            say("Versleuteling", "Encryption"),
            say(
                "Elke notitie onder een eigen willekeurige sleutel (XChaCha20-Poly1305), in een database die zelf ook"
                " versleuteld is (SQLCipher).",
                "Every note under a random key of its own (XChaCha20-Poly1305), in a database that is encrypted as well"
                " (SQLCipher).",
            ),
        ),
        (say("Wachtwoordzin", "Passphrase"), _passphrase(say, facts)),
        (say("Tweede factor", "Second factor"), _factor(say, facts)),
        (say("Herstel", "Recovery"), _recovery(say, facts)),
        (say("Anker", "Anchor"), _anchor(say, facts)),
        (say("Plekken", "Places"), _places(say, facts)),
        (say("Synchronisatie", "Sync"), _sync(say, facts)),
        (say("Privacywacht", "Privacy guard"), parts.guard(say, facts)),
        (
            say("Vergrendeling", "Locking"),
            say(
                f"Vanzelf na {say.number(facts.idle, ('minuut', 'minuten'), ('minute', 'minutes'))} zonder toets.",
                f"By itself after {say.number(facts.idle, ('minuut', 'minuten'), ('minute', 'minutes'))} without a key"
                " press.",
            ),
        ),
        (
            say("Wissen", "Erasure"),
            say(
                "Door de sleutel te vernietigen, op elke plek apart bevestigd. De cliënt kan een ondertekend bewijs"
                " krijgen.",
                "By destroying the key, confirmed place by place. The client can have a signed receipt.",
            ),
        ),
    )
    return Section(title, (Rows(rows),))


def _passphrase(say: Say, facts: Facts) -> str:
    costs = [
        say(
            f"Argon2id met {cost.memory} geheugen, {cost.passes}× doorlopen, {cost.lanes}"
            f" {'draad' if cost.lanes == 1 else 'draden'}",
            f"Argon2id with {cost.memory} of memory, gone through {cost.passes}×, {cost.lanes}"
            f" {'lane' if cost.lanes == 1 else 'lanes'}",
        )
        for cost in dict.fromkeys(facts.costs)
    ]
    return parts.listed(say, costs) + "."


def _factor(say: Say, facts: Facts) -> str:
    if not facts.factors:
        return say("Geen: de wachtwoordzin alleen opent de kluis.", "None: the passphrase alone opens the vault.")
    kinds = parts.factors(say, facts)
    return say(
        f"De wachtwoordzin opent de kluis alleen samen met {kinds}.",
        f"The passphrase opens the vault only together with {kinds}.",
    )


def _recovery(say: Say, facts: Facts) -> str:
    if not facts.recovery_code:
        return say("Er is geen herstelcode.", "There is no recovery code.")
    without = say(", ook zonder tweede factor", ", without a second factor too") if facts.factors else ""
    return say(
        f"Een herstelcode op papier opent de kluis{without}: bewaar dat papier achter slot.",
        f"A recovery code on paper opens the vault{without}: keep that paper locked away.",
    )


def _anchor(say: Say, facts: Facts) -> str:
    if facts.anchor == "tpm":
        return say(
            "In de beveiligingschip van de computer (TPM): oude sleutels zijn daar echt weg.",
            "In the computer’s security chip (TPM): old keys are really gone there.",
        )
    return say(
        "Een bestand buiten de kluis, overschreven zo goed als de schijf toelaat. Op een SSD kunnen resten"
        " achterblijven die met bijzondere apparatuur te lezen zijn.",
        "A file outside the vault, overwritten as well as the disk allows. On an SSD remnants may stay that special"
        " equipment can read.",
    )


def _places(say: Say, facts: Facts) -> str:
    found = parts.listed(say, parts.places(say, facts)) + ". "
    backup = ""
    if facts.nightly_backup:
        backup = say(
            " Daarnaast is er elke nacht een back-up, zonder sleutels: wat vernietigd is, gaat daaruit niet meer open.",
            " Besides there is a backup every night, without keys: what was destroyed does not open from it.",
        )
    return found + _keys_in(say, facts) + backup


def _keys_in(say: Say, facts: Facts) -> str:
    if facts.places > 1:
        return say(
            f"De sleutels staan op {facts.places} plekken: gaat er een stuk, dan blijven de notities er.",
            f"The keys are in {facts.places} places: if one breaks, the notes stay.",
        )
    return say(
        "De sleutels staan op één plek: gaat die stuk, dan zijn de notities weg (beschikbaarheid, art. 32, lid 1,"
        " onder b en c).",
        "The keys are in one place: if it breaks, the notes are gone (availability, art. 32 (1) (b) and (c)).",
    )


def _sync(say: Say, facts: Facts) -> str:
    if facts.server is None:
        return say("Uit: niets verlaat de apparaten van de praktijk.", "Off: nothing leaves the practice’s devices.")
    on = say(
        "Aan, versleuteld van apparaat tot apparaat, in pakketten van gelijke vorm; de sleutel van de server ligt"
        " vast.",
        "On, encrypted from device to device, in packets of one shape; the server’s key is pinned.",
    )
    if facts.server.recovery:
        return on + say(
            " Herstel uit de server staat aan: wie het herstelpapier voor de server heeft, kan de notities daar halen."
            " Ook oude kopieën van de server zijn met dat papier te openen, met notities die sindsdien zijn"
            " vernietigd.",
            " Recovery from the server is on: whoever has the recovery paper for the server can fetch the notes there."
            " Old copies of the server open with that paper too, with notes that were destroyed since.",
        )
    return on + say(
        " Herstel uit de server staat uit: wat daar staat, opent alleen met een apparaat van de praktijk.",
        " Recovery from the server is off: what it holds opens only with a device of the practice.",
    )
