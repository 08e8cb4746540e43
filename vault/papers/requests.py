"""The register of requests (arts. 15 to 20 AVG): counts by month, all that the vault keeps of them. Pure."""

from vault.papers import parts
from vault.papers.facts import Facts, Practice
from vault.papers.model import Document, Points, Say, Section, Table


def requests(facts: Facts, practice: Practice, lang: str) -> Document:
    """The register."""
    say = Say(lang)
    return say.document(
        say("Register van verzoeken van cliënten", "Register of clients’ requests"),
        say(
            "Hier staat hoe vaak cliënten om hun notities vroegen (art. 15 en 20) of om vernietiging ervan (art. 17)."
            " Alleen aantallen per maand: wie het vroeg, wordt niet bewaard, want dat zou notities aan iemand"
            " koppelen.",
            "This says how often clients asked for their notes (arts. 15 and 20) or for their erasure (art. 17)."
            " Numbers by month only: who asked is not kept, since that would tie notes to somebody.",
        ),
        (
            Section(say("Praktijk", "Practice"), (parts.practice(say, practice),)),
            _counts(say, facts),
            _handling(say),
            _not_counted(say),
        ),
    )


def _counts(say: Say, facts: Facts) -> Section:
    title = say("Aantallen", "Numbers")
    if not facts.requests:
        return Section(title, (say("Er zijn geen verzoeken geteld.", "No requests have been counted."),))
    heads = (
        say("Maand", "Month"),
        say("Inzage of kopie", "Access or copy"),
        say("Vernietiging", "Erasure"),
    )
    rows = tuple((each.month, str(each.copies), str(each.erasures)) for each in facts.requests)
    return Section(title, (Table(heads, rows),))


def _handling(say: Say) -> Section:
    points = (
        say(
            "De cliënt toont het claimbriefje of leest de acht woorden voor. Dat is genoeg: om een naam of een"
            " legitimatiebewijs wordt niet gevraagd.",
            "The client shows the claim slip or reads the eight words out. That is enough: no name and no proof of"
            " identity is asked for.",
        ),
        say(
            "Inzage en overdracht: een bestand dat zonder installeren opengaat; de code gaat langs een andere weg.",
            "Access and portability: a file that opens without installing anything; its code goes by another way.",
        ),
        say(
            "Correctie (art. 16): de coach past de notitie aan; de oude tekst wordt vernietigd.",
            "Rectification (art. 16): the coach changes the note; the old text is destroyed.",
        ),
        say(
            "Vernietiging: de sleutel van de notities wordt vernietigd, en de cliënt krijgt een ondertekend bewijs als"
            " hij dat wil.",
            "Erasure: the keys of the notes are destroyed, and the client gets a signed receipt if wanted.",
        ),
        say(
            "Beperking (art. 18) gaat met de hand: de notitie blijft ongelezen tot er is beslist. De notities gaan"
            " niet naar derden, dus hoeft niemand anders van een wijziging te horen (art. 19).",
            "Restriction (art. 18) is done by hand: the note stays unread until it is decided. The notes go to"
            " no third party, so nobody else has to hear of a change (art. 19).",
        ),
        say(
            "Termijn: binnen een maand na ontvangst. Bij ingewikkelde of veel verzoeken mag dat twee maanden langer"
            " duren, als de cliënt dat binnen de eerste maand hoort, met de reden (art. 12, lid 3). Kosteloos (art. 12,"
            " lid 5).",
            "Time: within one month of receipt. For complex or many requests two months more, if the client hears so"
            " within the first month, with the reason (art. 12 (3)). Free of charge (art. 12 (5)).",
        ),
        say(
            "Is het traject gesloten en het briefje kwijt, dan kan de praktijk niet aanwijzen welke notities van deze"
            " cliënt zijn. Zij zegt dat (art. 11, lid 2); de notities gaan vanzelf weg als hun tijd om is.",
            "If the engagement is closed and the slip lost, the practice can’t tell which notes are this client’s. It"
            " says so (art. 11 (2)); the notes go by themselves when their time is up.",
        ),
    )
    return Section(say("Hoe een verzoek wordt afgehandeld", "How a request is handled"), (Points(points),))


def _not_counted(say: Say) -> Section:
    told = say(
        "Geteld wordt wat met het programma is gedaan: elke kopie, en elke vernietiging met claimbriefje of met een"
        " bewijs. Correcties, mondelinge inzage en afgewezen verzoeken staan er niet bij: houd die zelf bij, ook zonder"
        " naam. Bewaard worden de laatste zestig maanden waarin er iets was.",
        "What was done with the program is counted: every copy, and every erasure with the claim slip or with a"
        " receipt. Corrections, access by word of mouth and refused requests are not among them: keep track of those"
        " yourself, without names too. The last sixty months that had any are kept.",
    )
    return Section(say("Wat niet is geteld", "What is not counted"), (told,))
