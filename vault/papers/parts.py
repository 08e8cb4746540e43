"""Sentences that more than one paper has. Pure."""

from vault.papers.facts import FIDO2, KEY_FILE, Facts, Practice
from vault.papers.model import Rows, Say


def practice(say: Say, given: Practice) -> Rows:
    """Who the coach is, as far as it was said."""
    return Rows(
        (
            (say("Naam van de praktijk", "Name of the practice"), given.name),
            (say("Adres, e-mail, telefoon", "Address, e-mail, telephone"), given.contact),
        )
    )


def listed(say: Say, names: list[str]) -> str:
    """Such as "one, two and three"."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + say(" en ", " and ") + names[-1]


def factors(say: Say, facts: Facts) -> str:
    """The kinds of second factors, in words; empty without any."""
    names = {
        KEY_FILE: say("een sleutelbestand", "a key file"),
        FIDO2: say("een beveiligingssleutel (FIDO2)", "a security key (FIDO2)"),
    }
    kinds = [names[each] for each in dict.fromkeys(facts.factors)]
    return say(" of ", " or ").join(kinds)


def where_allowed(say: Say, rule: str) -> str:
    """Where the server may stand."""
    return {
        "nl": say("in Nederland", "in the Netherlands"),
        "eu": say("in de Europese Economische Ruimte", "in the European Economic Area"),
        "any": say("in elk land", "in any country"),
    }[rule]


def places(say: Say, facts: Facts) -> list[str]:
    """Everything that holds notes, as parts of a list."""
    found = [say.number(facts.devices, ("computer", "computers"), ("computer", "computers"))]
    if facts.sticks:
        found.append(say.number(facts.sticks, ("herstelstick", "herstelsticks"), ("recovery stick", "recovery sticks")))
    if facts.server is not None:
        found.append(say("een server (verzegeld)", "a server (sealed)"))
    return found


def guard(say: Say, facts: Facts) -> str:
    """What the guard does, after the vault's policy."""
    if facts.guard == "off":
        return say(
            "De privacywacht staat uit: de coach let er zelf op dat er geen namen en datums in komen.",
            "The privacy guard is off: the coach alone sees to it that no names and dates get in.",
        )
    does = {
        "ask": say(
            "vraagt bij elke naam, datum en dergelijke die hij vindt wat ermee moet gebeuren",
            "asks about every name, date and the like that it finds",
        ),
        "redact": say(
            "vervangt namen, datums en dergelijke die hij vindt door neutrale woorden",
            "replaces names, dates and the like that it finds by neutral words",
        ),
        "refuse": say(
            "houdt een tekst tegen waarin hij een naam, datum of dergelijke vindt",
            "keeps out a text in which it finds a name, a date or the like",
        ),
    }[facts.guard]
    return say(
        f"De privacywacht leest mee en {does}; wat hij niet herkent, houdt hij niet tegen.",
        f"The privacy guard reads along and {does}; what it does not know it does not keep out.",
    )


AUTHORITY = (
    "Autoriteit Persoonsgegevens, Postbus 93374, 2509 AJ Den Haag, autoriteitpersoonsgegevens.nl",
    "Autoriteit Persoonsgegevens (the Dutch authority), Postbus 93374, 2509 AJ Den Haag, autoriteitpersoonsgegevens.nl",
)
