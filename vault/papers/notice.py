"""The privacy notice for clients (arts. 13 and 14 AVG), from the vault's real settings. Pure.

In plain language (B1): short sentences, one thing at a time, the coach speaks as "I".
"""

from vault.papers import parts
from vault.papers.facts import Facts, Practice
from vault.papers.model import Document, Points, Rows, Say, Section

_MONTH_DAYS = 31
_YEAR = 12


def notice(facts: Facts, practice: Practice, lang: str) -> Document:
    """The notice."""
    say = Say(lang)
    return say.document(
        say("Wat ik over onze gesprekken bewaar", "What I keep of our talks"),
        say(
            "Ik ben je coach. Van onze gesprekken maak ik soms een korte notitie. Hier lees je wat ik opschrijf,"
            " hoelang ik dat bewaar en wat jij kunt vragen. Dit is de privacyverklaring die de AVG vraagt (art. 13 en"
            " 14). Die gaat alleen over deze notities.",
            "I am your coach. Of our talks I sometimes make a short note. Here you read what I write down, how long I"
            " keep it and what you can ask. This is the privacy notice that the GDPR asks for (arts. 13 and 14). It is"
            " about these notes only.",
        ),
        (
            Section(say("Wie ben ik?", "Who am I?"), (parts.practice(say, practice),)),
            _what(say, facts),
            _why(say),
            _how_long(say, facts),
            _who(say, facts),
            _where(say, facts),
            _rights(say),
            _complaint(say),
            _no_promise(say, facts),
        ),
    )


def _what(say: Say, facts: Facts) -> Section:
    if facts.guard == "off":
        guard = say(
            "Ik let er zelf op dat er geen namen en datums in staan.",
            "I see to it myself that no names and dates stand in it.",
        )
    else:
        guard = say(
            "Een programma op mijn computer leest mee en wijst me op namen en datums. Het ziet niet alles.",
            "A program on my computer reads along and points out names and dates to me. It does not see everything.",
        )
    points = (
        say(
            "Een paar zinnen over waar het gesprek over ging, en wat we de volgende keer willen doen.",
            "A few sentences about what the talk was about, and what we want to do next time.",
        ),
        say("Ik schrijf je naam niet op, en geen datum. ", "I do not write down your name, and no date. ") + guard,
        say(
            "Zolang ons traject loopt, horen ze bij een schuilnaam die ik verzin. Daarna wis ik die.",
            "While our coaching goes on, they stand under an alias that I make up. After that I erase it.",
        ),
        say(
            "Vertel je over je gezondheid of over iets anders dat gevoelig ligt? Dan kan daar iets van in een notitie"
            " staan. Wil je dat niet, zeg het me.",
            "Do you tell me about your health or something else that is sensitive? Then some of it may stand in a note."
            " If you do not want that, tell me.",
        ),
        say(
            "Ik weet alleen wat jij me vertelt. Hoor ik iets over jou van een ander, bijvoorbeeld van je werkgever, dan"
            " zeg ik je dat.",
            "I know only what you tell me. If I hear something about you from somebody else, your employer say, I tell"
            " you.",
        ),
    )
    return Section(say("Wat schrijf ik op?", "What do I write down?"), (Points(points),))


def _why(say: Say) -> Section:
    told = say(
        "Om me goed voor te bereiden op ons volgende gesprek. Je bent niet verplicht om me iets te vertellen: wat je"
        " niet zegt, schrijf ik niet op. Een computer neemt geen besluiten over je.",
        "To prepare well for our next talk. You are not obliged to tell me anything: what you do not say I do not write"
        " down. No computer takes decisions about you.",
    )
    rows = (
        (say("Dit mag van de AVG omdat (art. 6)", "The GDPR allows this because (art. 6)"), ""),
        (
            say("Voor gevoelige gegevens, zoals gezondheid (art. 9)", "For sensitive data, such as health (art. 9)"),
            "",
        ),
    )
    return Section(say("Waarom?", "Why?"), (told, Rows(rows)))


def _how_long(say: Say, facts: Facts) -> Section:
    keep = say.period(facts.keep)
    first = say(
        f"Een notitie bewaar ik ten hoogste {keep}, als ik niets anders kies. Daarna verdwijnt hij vanzelf: niemand kan"
        " hem dan nog lezen, ik ook niet.",
        f"I keep a note for at most {keep}, unless I choose otherwise. After that it goes by itself: nobody can read it"
        " any more, nor can I.",
    )
    if facts.longest <= _months(facts.keep):
        return Section(say("Hoelang?", "How long?"), (first,))
    longest = say.number(facts.longest, ("maand", "maanden"), ("month", "months"))
    more = say(
        f"Sommige notities bewaar ik langer. Geen enkele heeft nu nog meer dan {longest} te gaan.",
        f"Some notes I keep longer. None of them has more than {longest} to go now.",
    )
    return Section(say("Hoelang?", "How long?"), (f"{first} {more}",))


def _months(keep: str) -> int:
    """A period in months, and what is told of the longest rounded as that is: up to whole half-years."""
    count, unit = int(keep[:-1]), keep[-1]
    months = -(-count // _MONTH_DAYS) if unit == "d" else count * (_YEAR if unit == "y" else 1)
    return -(-months // 6) * 6


def _who(say: Say, facts: Facts) -> Section:
    key = say("mijn wachtwoordzin", "my passphrase")
    if facts.factors:
        kinds = parts.factors(say, facts)
        key += say(f" en daarbij {kinds}", f" and with it {kinds}")
    told = say(
        f"Alleen ik. De notities staan versleuteld in een kluis, en die gaat open met {key}. Betaalt je werkgever de"
        " coaching? Die krijgt niets uit de notities te zien.",
        f"Only I. The notes are encrypted in a vault, which opens with {key}. Does your employer pay for the coaching?"
        " Nothing of the notes is shown there.",
    )
    if facts.recovery_code:
        told += say(
            " Ook met een herstelcode, die ik op papier bewaar, gaat de kluis open.",
            " A recovery code, which I keep on paper, opens the vault as well.",
        )
    return Section(say("Wie kan het lezen?", "Who can read it?"), (told,))


def _where(say: Say, facts: Facts) -> Section:
    if facts.devices > 1:
        own = say(f"Op mijn computers ({facts.devices}).", f"On my computers ({facts.devices}).")
    else:
        own = say("Op mijn computer.", "On my computer.")
    points = [own]
    if facts.sticks:
        one = facts.sticks == 1
        points.append(
            say(
                f"Op {'een herstelstick' if one else f'{facts.sticks} herstelsticks'}, voor als mijn computer"
                " kapotgaat.",
                f"On {'a recovery stick' if one else f'{facts.sticks} recovery sticks'}, in case my computer breaks.",
            )
        )
    if facts.nightly_backup:
        points.append(
            say(
                "In een back-up zonder sleutels: een notitie die ik vernietig, gaat ook daaruit niet meer open.",
                "In a backup without keys: a note that I destroy does not open from there either.",
            )
        )
    blocks: tuple[Points | Rows, ...] = ()
    if facts.server is None:
        points.append(
            say(
                "Niet op internet: er is geen server en geen bedrijf dat de notities voor me bewaart.",
                "Not on the internet: there is no server, and no company that keeps the notes for me.",
            )
        )
    else:
        points.append(_server(say, facts.server.rule))
        if facts.server.recovery:
            points.append(
                say(
                    "Gaat mijn computer kapot, dan kan ik de notities met een herstelpapier van de server halen. Wie"
                    " dat papier heeft, kan ook een oude kopie van de server openen, met een notitie die al vernietigd"
                    " was.",
                    "If my computer breaks, I can fetch the notes from the server with a recovery paper. Whoever has"
                    " that paper can also open an old copy of the server, with a note that had been destroyed.",
                )
            )
        rows = [(say("Wie de server beheert", "Who keeps the server"), "")]
        if facts.server.rule == "any":
            ground = say("Land, en waarom dat mag (art. 45 of 46)", "Country, and on which ground (art. 45 or 46)")
            rows.append((ground, ""))
        blocks = (Rows(tuple(rows)),)
    return Section(say("Waar staat het?", "Where is it?"), (Points(tuple(points)), *blocks))


def _server(say: Say, rule: str) -> str:
    allowed = parts.where_allowed(say, rule)
    if rule == "any":
        return say(
            "Versleuteld op een server. Die kan buiten Europa staan. Wie de server beheert, kan de notities niet"
            " lezen.",
            "Encrypted on a server. It may stand outside Europe. Whoever keeps the server can’t read the notes.",
        )
    return say(
        f"Versleuteld op een server. Die mag alleen {allowed} staan. Wie de server beheert, kan de notities niet"
        " lezen.",
        f"Encrypted on a server. It may stand only {allowed}. Whoever keeps the server can’t read the notes.",
    )


def _rights(say: Say) -> Section:
    told = say("Je mag me altijd vragen:", "You may ask me at any time:")
    points = (
        say(
            "Wat heb je over mij? Laat het me lezen (art. 15).", "What do you hold about me? Let me read it (art. 15)."
        ),
        say("Dit klopt niet, verbeter het (art. 16).", "This is wrong, correct it (art. 16)."),
        say(
            "Vernietig het (art. 17). Je kunt er een bewijs van krijgen.",
            "Destroy it (art. 17). You can have a receipt.",
        ),
        say("Gebruik het even niet (art. 18).", "Do not use it for now (art. 18)."),
        say(
            "Geef het me mee, in een bestand dat ik kan openen (art. 20).",
            "Give it to me, in a file that I can open (art. 20).",
        ),
        say(
            "Ik wil niet dat je notities maakt: je maakt bezwaar (art. 21), of je trekt je toestemming in (art. 7, lid"
            " 3). Wat ik daarvoor al deed, blijft geldig.",
            "I do not want you to make notes: you object (art. 21), or you withdraw your consent (art. 7 (3)). What I"
            " did before that stays lawful.",
        ),
    )
    how = say(
        "Hoe doe je dat? Van mij krijg je een claimbriefje met acht woorden. Neem het mee, of lees de woorden voor. Wie"
        " je bent, hoef je niet te zeggen. Bewaar het goed: als ons traject is afgelopen, vind ik jouw notities alleen"
        " nog met dat briefje. Zonder briefje kan ik dan niet zien welke notities van jou zijn (art. 11). Ik antwoord"
        " binnen een maand. Is dat te kort, dan hoor je binnen die maand waarom; het mag dan twee maanden langer duren"
        " (art. 12, lid 3). Het kost je niets.",
        "How? From me you get a claim slip with eight words. Bring it along, or read the words out. You need not say"
        " who you are. Keep it well: when our coaching is over, I find your notes only with that slip. Without it I"
        " can’t see then which notes are yours (art. 11). I answer within a month. If that is too short, you hear why"
        " within that month; it may then take two months more (art. 12 (3)). It costs you nothing.",
    )
    return Section(say("Wat kun je vragen?", "What can you ask?"), (told, Points(points), how))


def _complaint(say: Say) -> Section:
    told = say(
        f"Zeg het eerst tegen mij, als je dat wilt. Je mag ook meteen een klacht indienen bij de {parts.AUTHORITY[0]}.",
        f"Tell me first, if you like. You may also complain at once to the {parts.AUTHORITY[1]}.",
    )
    return Section(say("Niet tevreden?", "Not satisfied?"), (told,))


def _no_promise(say: Say, facts: Facts) -> Section:
    points = [
        say(
            "Wat ik je heb meegegeven of heb afgedrukt, kan ik niet terughalen.",
            "What I gave to you or printed I can’t take back.",
        ),
        say(
            "Wie bij mijn computer kan terwijl de kluis openstaat, kan meelezen.",
            "Whoever can get at my computer while the vault is open can read along.",
        ),
    ]
    if facts.places > 1 or facts.server is not None:
        points.append(
            say(
                "Verdwijnt een notitie, of vernietig ik hem, dan is hij pas overal weg als elke plek dat heeft"
                " bevestigd. Op je bewijs staat welke plek dat nog moet doen.",
                "When a note goes, or I destroy it, it is gone everywhere only when every place has confirmed. Your"
                " receipt says which place has yet to do so.",
            )
        )
    if facts.anchor != "tpm":
        points.append(
            say(
                "Op een moderne schijf kunnen resten achterblijven die alleen met bijzondere apparatuur te vinden"
                " zijn.",
                "On a modern disk remnants may stay that only special equipment can find.",
            )
        )
    points.append(
        say(
            "Mijn geheugen wis ik niet. Daar geldt mijn geheimhouding voor.",
            "My memory I do not erase. My duty of secrecy holds for it.",
        )
    )
    return Section(say("Wat kan ik niet beloven?", "What can’t I promise?"), (Points(tuple(points)),))
