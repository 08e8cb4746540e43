"""The register of processing activities (art. 30 (1) AVG), from the vault's real settings. Pure."""

from vault.papers import parts
from vault.papers.facts import Facts, Practice
from vault.papers.model import Document, Points, Rows, Say, Section
from vault.papers.security import security


def processing(facts: Facts, practice: Practice, lang: str) -> Document:
    """The register."""
    say = Say(lang)
    return say.document(
        say("Register van verwerkingsactiviteiten", "Register of processing activities"),
        say(
            "Art. 30, lid 1, van de AVG vraagt om dit register. Het gaat over één verwerking: de notities van"
            " coachgesprekken in de kluis van ongemerkt. Het is gemaakt uit de instellingen van die kluis. Agenda,"
            " facturen, e-mail en een website staan er niet in: beschrijf die apart.",
            "Art. 30 (1) GDPR asks for this register. It is about one processing activity: the notes of coaching talks"
            " in the vault of ongemerkt. It was made from the settings of that vault. Diary, invoices, e-mail and a"
            " website are not in it: describe those separately.",
        ),
        (
            _controller(say, practice),
            _purposes(say),
            _people_and_data(say, facts),
            _legal_basis(say),
            _recipients(say, facts),
            _transfers(say, facts),
            _retention(say, facts),
            security(say, facts),
            _rest(say),
        ),
    )


def _controller(say: Say, practice: Practice) -> Section:
    more = (
        (say("Functionaris gegevensbescherming, als die er is", "Data protection officer, if there is one"), ""),
        (say("Vastgesteld of bijgewerkt op", "Drawn up or updated on"), ""),
    )
    title = say(
        "1. Verwerkingsverantwoordelijke (art. 30, lid 1, onder a)",
        "1. Controller (art. 30 (1) (a))",
    )
    return Section(title, (Rows(parts.practice(say, practice).rows + more),))


def _purposes(say: Say) -> Section:
    return Section(
        say("2. Doelen (onder b)", "2. Purposes (b)"),
        (
            Points(
                (
                    say(
                        "Goed kunnen coachen: een gesprek voorbereiden met wat eerder besproken is.",
                        "Coaching well: preparing a talk with what was said before.",
                    ),
                    say(
                        "Voldoen aan verzoeken van cliënten (art. 15 tot en met 20).",
                        "Answering clients’ requests (arts. 15 to 20).",
                    ),
                    say(
                        "Kunnen laten zien dat de AVG wordt nageleefd (art. 5, lid 2): aantallen verzoeken en het"
                        " register van datalekken.",
                        "Being able to show compliance (art. 5 (2)): numbers of requests and the register of breaches.",
                    ),
                )
            ),
        ),
    )


def _people_and_data(say: Say, facts: Facts) -> Section:
    rows = (
        (
            say("Betrokkenen", "People concerned"),
            say(
                "Cliënten van de praktijk, en mensen over wie zij in een gesprek vertellen.",
                "Clients of the practice, and people whom they speak about in a talk.",
            ),
        ),
        (
            say("Notities", "Notes"),
            say(
                "Korte teksten zonder naam en zonder datum: voor naam, datum, titel of cliënt bestaat geen veld. Wat in"
                " een gesprek is verteld, kan er wel in staan, ook over gezondheid of een ander bijzonder gegeven"
                " (art. 9). ",
                "Short texts without a name and without a date: no field exists for name, date, title or client. What"
                " was said in a talk may stand in them, health and other special data (art. 9) included. ",
            )
            + parts.guard(say, facts),
        ),
        (
            say("Trajecten", "Engagements"),
            say(
                "Zolang een traject loopt: een zelfgekozen schuilnaam en, tenzij het traject strikt is, een sleutel die"
                " de notities ervan bij elkaar vindt. Bij het sluiten worden beide gewist.",
                "While an engagement is open: an alias of the coach’s choice and, unless it is strict, a key that finds"
                " its notes together. Closing erases both.",
            ),
        ),
        (
            say("Claimbriefje", "Claim slip"),
            say(
                "Acht woorden op papier bij de cliënt. De praktijk bewaart ze niet.",
                "Eight words on paper with the client. The practice does not keep them.",
            ),
        ),
        (
            say("Verzoeken", "Requests"),
            say(
                "Per maand het aantal kopieën en vernietigingen. Niet van wie.",
                "By month the number of copies and erasures. Not whose.",
            ),
        ),
    )
    told = say(
        "De notities blijven persoonsgegevens zolang iemand kan weten over wie ze gaan: de coach uit het geheugen, de"
        " cliënt met het claimbriefje.",
        "The notes stay personal data as long as somebody can know whom they are about: the coach by memory, the client"
        " with the claim slip.",
    )
    title = say("3. Betrokkenen en gegevens (onder c)", "3. People concerned and data (c)")
    return Section(title, (Rows(rows), told))


def _legal_basis(say: Say) -> Section:
    rows = (
        (say("Grondslag (art. 6, lid 1)", "Legal basis (art. 6 (1))"), ""),
        (say("Uitzondering (art. 9, lid 2), indien nodig", "Exception (art. 9 (2)), if needed"), ""),
    )
    told = say(
        "Art. 30 vraagt er niet om, maar de praktijk moet het kunnen zeggen (art. 5, lid 2). Beslis: volgt het maken"
        " van notities uit een overeenkomst met de cliënt zelf (onder b), is er een gerechtvaardigd belang dat is"
        " afgewogen (onder f; bijvoorbeeld als een werkgever de opdracht geeft), of is er toestemming (onder a)?"
        " Schrijf je op wat een cliënt over gezondheid, geloof of een ander bijzonder gegeven vertelt? Dat mag alleen"
        " met een uitzondering uit art. 9, lid 2; bij coaching is dat meestal uitdrukkelijke toestemming (onder a)."
        " Anders: schrijf het niet op.",
        "Art. 30 does not ask for it, but the practice must be able to say it (art. 5 (2)). Decide: do the notes follow"
        " from a contract with the client (b), is there a legitimate interest that was weighed (f; when an employer"
        " commissions the coaching, say), or is there consent (a)? Do you write down what a client tells of health,"
        " religion or other special data? That needs an exception of art. 9 (2); for coaching mostly explicit consent"
        " (a). Otherwise: do not write it down.",
    )
    title = say("4. Grondslag (art. 6 en 9): te beslissen", "4. Legal basis (arts. 6 and 9): to be decided")
    return Section(title, (told, Rows(rows)))


def _recipients(say: Say, facts: Facts) -> Section:
    title = say("5. Ontvangers (onder d)", "5. Recipients (d)")
    payer = say(
        "Wie de coaching betaalt, zoals een werkgever, krijgt niets uit de notities.",
        "Whoever pays for the coaching, such as an employer, gets nothing from the notes.",
    )
    if facts.server is None:
        nobody = say(
            "Geen. De notities staan alleen op middelen van de praktijk zelf: er is geen server en geen verwerker.",
            "None. The notes are on the practice’s own media only: there is no server and no processor.",
        )
        return Section(title, (nobody, payer))
    server = say(
        f"De beheerder van de server {facts.server.host}. Daar staat versleutelde inhoud, opgevuld tot gelijke maten."
        " De beheerder ziet geen tekst, geen naam en niet hoeveel notities er zijn.",
        f"The keeper of the server {facts.server.host}. It holds encrypted content, padded to equal sizes. The keeper"
        " sees no text, no name and not how many notes there are.",
    )
    contract = say(
        "Ook versleuteld blijven het persoonsgegevens. Is de server van een ander, of staat hij gehuurd bij een ander,"
        " dan is die ander een verwerker en is een verwerkersovereenkomst nodig (art. 28, lid 3). Staat hij bij de"
        " praktijk zelf en beheert zij hem zelf, dan is er geen verwerker.",
        "Encrypted they are still personal data. If the server is somebody else’s, or rented from somebody, that party"
        " is a processor and a contract is needed (art. 28 (3)). If it stands at the practice and the practice keeps"
        " it, there is no processor.",
    )
    rows = Rows(
        (
            (say("Beheerder of verhuurder van de server", "Keeper or host of the server"), ""),
            (say("Verwerkersovereenkomst van", "Contract (art. 28) of"), ""),
        )
    )
    return Section(title, (server, contract, rows, payer))


def _transfers(say: Say, facts: Facts) -> Section:
    title = say("6. Doorgifte buiten de EER (onder e)", "6. Transfers outside the EEA (e)")
    if facts.server is None:
        return Section(title, (say("Geen.", "None."),))
    check = say(
        "Voordat er iets heen gaat, zoekt het programma in een openbare lijst op in welk land het adres van de server"
        " ligt. Die lijst is een aanwijzing en geen bewijs, en over een adres in het eigen netwerk zegt zij niets: leg"
        " de plaats ook in de overeenkomst vast.",
        "Before anything is sent, the program looks up in a public list in which country the server’s address lies."
        " That list is a hint and no proof, and of an address in one’s own network it says nothing: put the place into"
        " the contract as well.",
    )
    if facts.server.rule != "any":
        allowed = parts.where_allowed(say, facts.server.rule)
        none = say(
            f"Geen. De kluis is zo ingesteld dat de server alleen {allowed} mag staan; anders weigert zij te"
            " synchroniseren.",
            f"None. The vault is set so that the server may stand only {allowed}; otherwise it refuses to sync.",
        )
        return Section(title, (none, check))
    possible = say(
        "Mogelijk. De kluis is zo ingesteld dat de server in elk land mag staan. Buiten de EER is een grond voor"
        " doorgifte nodig: een adequaatheidsbesluit (art. 45) of passende waarborgen (art. 46).",
        "Possible. The vault is set so that the server may stand in any country. Outside the EEA a ground for transfer"
        " is needed: an adequacy decision (art. 45) or appropriate safeguards (art. 46).",
    )
    rows = Rows(
        (
            (say("Land van de server", "Country of the server"), ""),
            (say("Grond voor doorgifte, buiten de EER", "Ground for transfer, outside the EEA"), ""),
        )
    )
    return Section(title, (possible, rows, check))


def _retention(say: Say, facts: Facts) -> Section:
    keep = say.period(facts.keep)
    if facts.longest:
        left = say.number(facts.longest, ("maand", "maanden"), ("month", "months"))
        now = say(
            f"Van de notities die er nu zijn, heeft er geen meer dan {left} te gaan (afgerond op halve jaren).",
            f"Of the notes that there are now, none has more than {left} to go (rounded up to half-years).",
        )
    else:
        now = say("Op dit moment zijn er geen notities.", "At present there are no notes.")
    points = [
        say(
            f"Elke notitie heeft vanaf het begin een einde. Kiest de coach niets anders, dan is dat na ten hoogste"
            f" {keep}. Korter dan twee maanden en langer dan tien jaar kan niet. {now}",
            f"Every note has an end from the start. Unless the coach chooses otherwise, that is after at most {keep}."
            f" Less than two months and more than ten years are not possible. {now}",
        ),
        say(
            "Is de tijd om, dan is de notitie nergens meer te zien en wordt haar sleutel vernietigd: bij het openen van"
            " de kluis, en ook terwijl zij openstaat. Daarna is de notitie niet meer te lezen, ook niet uit een oude"
            " kopie van het bestand.",
            "When its time is up, a note is shown nowhere and its key is destroyed: when the vault is opened, and while"
            " it is open. After that the note can’t be read any more, not from an old copy of the file either.",
        ),
        say(
            "Schuilnaam en sleutel van een traject: tot het sluiten.", "Alias and key of an engagement: until closing."
        ),
        say(
            "Aantallen verzoeken: van de laatste zestig maanden waarin er een was.",
            "Numbers of requests: of the last sixty months that had one.",
        ),
        say(
            "Register van datalekken: tot de coach een regel verwijdert.",
            "Register of breaches: until the coach removes an entry.",
        ),
    ]
    if facts.places > 1:
        points.insert(
            2,
            say(
                "Andere plekken (apparaten, herstelsticks) vernietigen hetzelfde zodra zij weer opengaan, verbinding"
                " maken of worden bijgewerkt. Tot dan houden zij wat zij hadden.",
                "Other places (devices, recovery sticks) destroy the same as soon as they are opened, connect or are"
                " refreshed. Until then they keep what they had.",
            ),
        )
    if facts.server is not None:
        points.insert(
            2,
            say(
                "De server vernietigt aan het eind van elke maand zijn deel van de sleutels van die maand: ook als geen"
                " apparaat zich meer meldt, wordt wat daar staat onleesbaar.",
                "At the end of every month the server destroys its share of that month’s keys: what it holds becomes"
                " unreadable even if no device ever calls again.",
            ),
        )
    return Section(say("7. Bewaartermijnen (onder f)", "7. Time limits (f)"), (Points(tuple(points)),))


def _rest(say: Say) -> Section:
    points = Points(
        (
            say(
                "Wat buiten de kluis is gekomen (prints, kopieën voor cliënten, schermafdrukken), valt buiten deze"
                " beveiliging.",
                "What got out of the vault (prints, copies for clients, screenshots) is outside these measures.",
            ),
            say(
                "Een apparaat dat nooit meer verbinding maakt, houdt wat het had tot iemand het wist.",
                "A device that never connects again keeps what it had until somebody wipes it.",
            ),
            say(
                "Wie een computer bedient terwijl de kluis openstaat, kan lezen wat de coach kan lezen.",
                "Whoever is at a computer while the vault is open can read what the coach can read.",
            ),
        )
    )
    more = Rows(((say("Andere maatregelen van de praktijk", "Other measures of the practice"), ""),))
    return Section(say("9. Wat het programma niet regelt", "9. What the program does not see to"), (points, more))
