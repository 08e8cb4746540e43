"""The register of breaches (art. 33 (5) AVG), and what the authority's form asks of one of them. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from vault.formats.breaches import HIGH, NOT_YET, RISK, UNDECIDED, UNLIKELY, Breach
from vault.papers import clock, parts
from vault.papers.clock import Local
from vault.papers.facts import Facts, Practice
from vault.papers.model import Document, Points, Rows, Say, Section


class Present(NamedTuple):
    """The minute in which the paper is made (since 1970, UTC), and what the time is here at an instant."""

    minute: int
    local: Local


def breaches(facts: Facts, practice: Practice, entries: Sequence[Breach], present: Present, lang: str) -> Document:
    """The register."""
    say = Say(lang)
    made = clock.when(say, present.minute, present.local)
    lead = say(
        f"Elk datalek staat hier, ook een dat niet gemeld hoeft te worden (art. 33, lid 5). Stand op {made}.",
        f"Every breach stands here, one that need not be reported included (art. 33 (5)). As of {made}.",
    )
    found = [_entry(say, breach, present) for breach in entries]
    if not found:
        none = say("Er zijn geen datalekken opgetekend.", "No breaches are recorded.")
        found = [Section(say("Datalekken", "Breaches"), (none,))]
    return say.document(
        say("Register van datalekken", "Register of breaches"),
        lead,
        (
            Section(say("Praktijk", "Practice"), (parts.practice(say, practice),)),
            *found,
            decision(say),
            lost_device(say, facts),
        ),
    )


def _entry(say: Say, breach: Breach, present: Present) -> Section:
    discovered = clock.when(say, breach.discovered, present.local)
    rows = (
        (say("Ontdekt", "Discovered"), discovered),
        (say("72 uur (art. 33, lid 1)", "72 hours (art. 33 (1))"), clock.told(say, breach, *present)),
        (say("Wat er is gebeurd", "What happened"), breach.happened),
        (say("Welke gegevens", "Which data"), breach.data),
        (say("Wie, en ongeveer hoeveel", "Who, and roughly how many"), breach.people),
        (say("Gevolgen", "Consequences"), breach.consequences),
        (say("Maatregelen", "Measures"), breach.measures),
        (say("Risico voor betrokkenen", "Risk for the people concerned"), risk(say, breach.risk)),
        (say("Gemeld aan de AP", "Reported to the authority"), _at(say, breach.reported, present)),
        (say("Verteld aan betrokkenen (art. 34)", "People told (art. 34)"), _at(say, breach.informed, present)),
        (say("Waarom wel of niet gemeld", "Why it was or was not reported"), breach.reasons),
    )
    return Section(say(f"Datalek {breach.number}", f"Breach {breach.number}"), (Rows(rows),))


def _at(say: Say, minute: int, present: Present) -> str:
    return say("niet", "no") if minute == NOT_YET else clock.when(say, minute, present.local)


def risk(say: Say, level: int) -> str:
    """The coach's judgement, in words."""
    return {
        UNDECIDED: "",
        UNLIKELY: say("niet waarschijnlijk", "not likely"),
        RISK: say("een risico", "a risk"),
        HIGH: say("een hoog risico", "a high risk"),
    }[level]


def decision(say: Say) -> Section:
    """When to report, in three steps."""
    points = (
        say(
            "Is het niet waarschijnlijk dat iemand er nadeel van heeft? Dan hoef je niet te melden. Leg hier vast"
            " waarom.",
            "Is it unlikely that anybody suffers from it? Then no report is needed. Record here why.",
        ),
        say(
            "Is er een risico? Meld het binnen 72 uur na de ontdekking aan de Autoriteit Persoonsgegevens (art. 33). De"
            " uren lopen door in het weekend en op feestdagen. Weet je nog niet alles, meld dan wat je weet en vul"
            " later aan (lid 4).",
            "Is there a risk? Report it to the authority within 72 hours of the discovery (art. 33). The hours run on"
            " at weekends and on holidays. If you do not know everything yet, report what you know and add the rest"
            " later (4).",
        ),
        say(
            "Is het risico hoog, zoals bij leesbare notities over gezondheid in handen van een onbekende? Vertel het"
            " dan ook zo snel mogelijk aan de betrokkenen, in gewone taal (art. 34). Dat hoeft niet als de gegevens"
            " onleesbaar zijn voor wie ze heeft, zoals bij goede versleuteling (art. 34, lid 3).",
            "Is the risk high, as with readable notes on health in a stranger’s hands? Then tell the people concerned"
            " as soon as possible too, in plain language (art. 34). That is not needed if the data are unreadable for"
            " whoever has them, as with sound encryption (art. 34 (3)).",
        ),
        say(
            "Twijfel je? Meld. Een melding kun je intrekken.",
            "In doubt? Report. A report can be withdrawn.",
        ),
    )
    return Section(say("Moet ik dit melden?", "Do I have to report this?"), (Points(points),))


def lost_device(say: Say, facts: Facts) -> Section:
    """What a lost computer means, after what this vault really does."""
    points = (*_locked(say, facts), *_beside_the_lock(say, facts))
    return Section(say("Een computer kwijt of gestolen", "A computer lost or stolen"), (Points(points),))


def _locked(say: Say, facts: Facts) -> list[str]:
    """What whoever has the computer can do with a locked vault, by what else went along."""
    key = say("de wachtwoordzin", "the passphrase")
    if facts.factors:
        kinds = parts.factors(say, facts)
        key += say(f" en {kinds}", f" and {kinds}")
    cost = min(facts.costs, default=None)
    guess = f", Argon2id {cost.memory}" if cost else ""
    locked = say(
        f"Was de kluis op slot, dan staat op het apparaat alleen versleutelde tekst; zonder {key} is die niet te lezen"
        f" (XChaCha20-Poly1305{guess}). Een risico voor cliënten is dan meestal niet waarschijnlijk. Dat geldt alleen"
        " als de wachtwoordzin sterk is en niet bij het apparaat lag.",
        f"If the vault was locked, there is only encrypted text on the device; without {key} it can’t be read"
        f" (XChaCha20-Poly1305{guess}). A risk for clients is then mostly unlikely. That holds only if the passphrase"
        " is strong and did not lie with the device.",
    )
    points = [locked]
    if facts.recovery_code:
        points.append(
            say(
                "Lag de herstelcode bij het apparaat, dan is de kluis te openen: behandel de notities als gelezen.",
                "If the recovery code lay with the device, the vault can be opened: treat the notes as read.",
            )
        )
    if facts.server is not None and facts.server.recovery:
        points.append(
            say(
                "Ging het herstelpapier voor de server mee, dan kan de vinder de notities van de server halen: trek dat"
                " papier meteen in.",
                "If the recovery paper for the server went along, the finder can fetch the notes from the server:"
                " withdraw that paper at once.",
            )
        )
    if facts.factors:
        points.append(
            say(
                "Raakte ook de tweede factor weg, dan beschermt alleen de wachtwoordzin nog.",
                "If the second factor is lost too, the passphrase alone still protects.",
            )
        )
    return points


def _beside_the_lock(say: Say, facts: Facts) -> list[str]:
    """What no lock helps against: an open vault, keys that are nowhere else, copies."""
    minutes = say.number(facts.idle, ("minuut", "minuten"), ("minute", "minutes"))
    points = [
        say(
            f"Stond de kluis open, dan is alles te lezen tot zij zich vergrendelt (na {minutes} zonder toets). Reken"
            " dat als gelezen.",
            f"If the vault was open, everything can be read until it locks itself (after {minutes} without a key"
            " press). Count that as read.",
        )
    ]
    if facts.places > 1:
        points.append(
            say(
                f"De sleutels staan op {facts.places} plekken. Is er na het verlies een over, dan zijn de notities"
                " niet weg.",
                f"The keys are in {facts.places} places. If one is left after the loss, the notes are not gone.",
            )
        )
    else:
        points.append(
            say(
                "De sleutels staan alleen op dit apparaat: is het weg, dan zijn de notities weg. Ook dat is een datalek"
                " (verlies van beschikbaarheid); beoordeel of cliënten daar last van hebben.",
                "The keys are on this device only: if it is gone, the notes are gone. That is a breach as well (loss of"
                " availability); judge whether clients suffer from it.",
            )
        )
    points.append(
        say(
            "Buiten de kluis beschermt zij niets: kopieën voor cliënten, prints, e-mail, schermafdrukken, en wat het"
            " systeem zelf wegschreef (wisselgeheugen). Kijk of dat op het apparaat stond.",
            "Outside itself the vault protects nothing: copies for clients, prints, e-mail, screenshots, and what the"
            " system itself wrote out (swap). See whether any of it was on the device.",
        )
    )
    return points


# -- what the authority's form asks


def form(facts: Facts, practice: Practice, breach: Breach, present: Present, lang: str) -> Document:
    """What the form for reporting a breach asks (art. 33 (3)), filled in as far as it is known."""
    say = Say(lang)
    lead = say(
        "Melden doe je op autoriteitpersoonsgegevens.nl, met het formulier voor datalekken. Hieronder staat wat dat"
        " formulier vraagt, met wat in je register staat al ingevuld. Het formulier zelf gaat voor: de AP kan het"
        " veranderen.",
        "Reports are made at autoriteitpersoonsgegevens.nl, with the form for data breaches. Below is what that form"
        " asks, filled in with what your register has. The form itself comes first: the authority may change it.",
    )
    title = say(f"Melding aan de AP: datalek {breach.number}", f"Report to the authority: breach {breach.number}")
    return say.document(
        title,
        lead,
        (
            Section(say("De termijn", "The time limit"), (clock.told(say, breach, *present),)),
            _who_reports(say, practice),
            _timeline(say, breach, present),
            _nature(say, breach),
            _affected(say, breach),
            _before(say, facts),
            _after(say, breach, present),
        ),
    )


def _who_reports(say: Say, practice: Practice) -> Section:
    rows = (
        (
            say("Eerste melding, aanvulling of intrekking", "First report, addition or withdrawal"),
            "",
        ),
        (say("Organisatie", "Organisation"), practice.name),
        (say("Contact", "Contact"), practice.contact),
        (say("KvK-nummer en sector", "Number in the trade register, and sector"), ""),
        (say("Contactpersoon (of FG)", "Person to contact (or DPO)"), ""),
        (say("Andere partijen, zoals een verwerker", "Other parties, such as a processor"), ""),
    )
    return Section(say("1. Wie meldt", "1. Who reports"), (Rows(rows),))


def _timeline(say: Say, breach: Breach, present: Present) -> Section:
    rows = (
        (say("Begin en einde van het datalek", "Beginning and end of the breach"), ""),
        (say("Ontdekt op", "Discovered on"), clock.when(say, breach.discovered, present.local)),
        (
            say("Melding uiterlijk op", "Report at the latest on"),
            clock.when(say, clock.deadline(breach), present.local),
        ),
        (say("Bij te late melding: waarom", "If late: why"), ""),
    )
    return Section(say("2. Wanneer", "2. When"), (Rows(rows),))


def _nature(say: Say, breach: Breach) -> Section:
    rows = (
        (say("Wat er is gebeurd", "What happened"), breach.happened),
        (
            say(
                "Wat is aangetast: geheim blijven, kloppen of beschikbaar zijn",
                "What was harmed: confidentiality, integrity or availability",
            ),
            "",
        ),
        (say("Hoe het kon gebeuren", "How it could happen"), ""),
    )
    return Section(say("3. Wat (art. 33, lid 3, onder a)", "3. What (art. 33 (3) (a))"), (Rows(rows),))


def _affected(say: Say, breach: Breach) -> Section:
    rows = (
        (say("Soorten gegevens, ook bijzondere (art. 9)", "Kinds of data, special ones (art. 9) too"), breach.data),
        (say("Wie, en ongeveer hoeveel mensen", "Who, and roughly how many people"), breach.people),
        (say("Mensen in andere EU-landen", "People in other EU countries"), ""),
        (say("Gevolgen (onder c)", "Consequences (c)"), breach.consequences),
        (say("Risico", "Risk"), risk(say, breach.risk)),
    )
    return Section(say("4. Over wie en wat", "4. About whom and what"), (Rows(rows),))


def _before(say: Say, facts: Facts) -> Section:
    key = say("Ontsleutelen kan alleen met een wachtwoordzin", "Decrypting takes a passphrase")
    cost = min(facts.costs, default=None)
    if cost:
        key += f" (Argon2id, {cost.memory})"
    if facts.factors:
        key += say(" en ", " and ") + parts.factors(say, facts)
    if facts.recovery_code:
        key += say(", of met een herstelcode op papier", ", or a recovery code on paper")
    points = (
        say(
            "De notities waren versleuteld (XChaCha20-Poly1305). Dit geldt niet voor wat buiten de kluis stond, en niet"
            " als de kluis openstond.",
            "The notes were encrypted (XChaCha20-Poly1305). This does not hold for what was outside the vault, nor if"
            " the vault was open.",
        ),
        key + ".",
        say(
            "In de notities staan geen velden voor naam of datum.",
            "The notes have no fields for a name or a date.",
        ),
    )
    title = say("5. Beveiliging die er al was", "5. Security that was there already")
    return Section(title, (Points(points),))


def _after(say: Say, breach: Breach, present: Present) -> Section:
    rows = (
        (say("Maatregelen (onder d)", "Measures (d)"), breach.measures),
        (say("Betrokkenen verteld op", "People told on"), _at(say, breach.informed, present)),
        (say("Wat is hun verteld, of waarom niet", "What they were told, or why not"), breach.reasons),
        (say("Gemeld bij andere toezichthouders", "Reported to other authorities"), ""),
    )
    return Section(say("6. Daarna", "6. Afterwards"), (Rows(rows),))
