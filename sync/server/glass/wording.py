"""The words of the glass page in both languages. They claim no more than sync §9 allows."""

from typing import NamedTuple


class Wording(NamedTuple):
    """All of one language. In braces: a number `{n}`, months `{first}`, `{last}`, `{month}`, a list `{sizes}`."""

    other: str
    other_lang: str
    title: str
    lead: str
    picture: str
    picture_text: str
    accounts: tuple[str, str]
    devices: tuple[str, str]
    accounts_row: str
    devices_row: str
    months_counted: tuple[str, str]
    sized: str
    sized_too: str
    slots: str
    unused: str
    empty: str
    no_account: str
    noise: str
    held: str
    slots_text: str
    calendar: str
    calendar_title: str
    calendar_text: str
    calendar_note: str
    calendar_none: str
    still: str
    this_month: str
    gone: str
    unknown: str
    unknown_things: tuple[tuple[str, str], ...]
    sees: str
    sees_things: tuple[str, ...]
    keeps: str
    keeps_things: tuple[str, ...]
    trust: str
    trust_text: tuple[str, ...]
    machines: str
    months: tuple[str, ...]
    months_short: str
    thousands: str
    point: str
    conjunction: str


NL = Wording(
    other="English",
    other_lang="en",
    title="Wat deze server weet",
    lead="Coaches bewaren hier notities, op slot. De sleutel ligt bij de coach en niet hier. "
    "Kijk gerust naar binnen: dit ziet hij zelf, zojuist geteld.",
    picture="De server van glas",
    picture_text="Een glazen kast. Erin staan {accounts} op slot, {devices} die erbij mogen, en {bytes} aan inhoud die "
    "er voor de server uitziet als ruis.",
    accounts=("{n} account", "{n} accounts"),
    devices=("{n} apparaat", "{n} apparaten"),
    accounts_row="accounts",
    devices_row="apparaten",
    months_counted=("{n} maand", "{n} maanden"),
    sized="{n} met {size} vakjes",
    sized_too="{n} met {size}",
    slots="{size} vakjes",
    unused="nog leeg",
    empty="nog niets",
    no_account="Er is hier nog geen account.",
    noise="inhoud: alleen ruis",
    held="Samen {bytes} aan vergrendelde inhoud.",
    slots_text="Elk vakje is even groot en altijd vol: met een stuk van een "
    "notitie, of met niets dan ruis. De server ziet het verschil niet.",
    calendar="Elke maand verdwijnt er een sleutel",
    calendar_title="Kalender van de sleuteldelen",
    calendar_text="Voor {months} ligt er nog een sleuteldeel klaar: van {first} tot en met {last}. "
    "Van de maanden daarvoor is er geen meer.",
    calendar_note="Een notitie die hier ligt, gaat alleen open met de sleutel van de coach én het sleuteldeel van "
    "de maand waarin ze vervalt. Is die maand voorbij, dan vernietigt de server dat deel. Wat hier dan nog van de "
    "notitie ligt, kan niemand meer openen, ook de coach niet. Welke notitie wanneer vervalt, weet de server niet. "
    "Elk account heeft eigen delen.",
    calendar_none="Zonder account zijn er ook geen sleuteldelen.",
    still="ligt klaar",
    this_month="gaat weg na {month}",
    gone="is er niet meer",
    unknown="Dat weet hij niet",
    unknown_things=(
        ("Namen", "Niet van de coach, niet van jou. Een account is een willekeurig nummer."),
        ("Datums", "Bij geen enkele notitie staat er een."),
        ("Aantallen", "Niet hoeveel notities er zijn of hoe lang ze zijn. Wel hoeveel er hooguit in een kast passen."),
        ("Tekst", "Geen woord, ook geen titel of thema."),
        ("Adressen", "Geen e-mail, geen telefoon. Het internetadres van een apparaat bewaart hij niet."),
        (
            "Een logboek",
            "Wie er langskwam en wanneer, schrijft hij niet op. Alleen in welke maand er het laatst "
            "iets is opgeslagen.",
        ),
    ),
    sees="Dat ziet hij, of hij wil of niet",
    sees_things=(
        "Wanneer een apparaat van een coach contact zoekt, en hoeveel het stuurt. Gewoonlijk is dat één keer per "
        "dag, op een willekeurig moment en steeds even veel. Wil een coach meteen bijwerken, dan ziet hij ook "
        "hoeveel vakjes er veranderen.",
        "Welke vakjes opnieuw worden gevuld, en wanneer een kast te klein werd.",
        "Welke apparaten bij hetzelfde account horen.",
        "Het internetadres van wie verbinding maakt, ook het jouwe nu. Zolang de verbinding duurt.",
    ),
    keeps="Wat hij verder nog bewaart",
    keeps_things=(
        "Van een account: een willekeurig nummer, een teller die oploopt als er iets wordt opgeslagen, de maand "
        "waarin dat het laatst was, en hoe groot het mag worden.",
        "Van een apparaat: een nummer en een sleutel om het te herkennen, ook als het later is geweigerd.",
        "Van een uitnodiging: een kenmerk, hoe vaak en tot welke dag ze nog geldt. Van een apparaat dat erbij komt: "
        "een pakje op slot. Gebruikt of verlopen is weg.",
        "Controlegetallen, handtekeningen en eenmalige nummers, tegen knoeien en herhalen.",
    ),
    trust="Moet je dat geloven?",
    trust_text=(
        "Dat de server je notities niet kan lezen, hoef je niet van hem aan te nemen. Ze gaan op slot op het "
        "apparaat van de coach, vóór ze worden verstuurd, en gaan zonder zo’n apparaat niet open.",
        "Deze bladzijde is wel het woord van de server zelf. Dat hij niets opschrijft, geen oude kopieën uitleest "
        "en elke maand echt een sleuteldeel vernietigt, is een belofte van wie hem beheert.",
    ),
    machines="Dezelfde cijfers, voor programma’s",
    months=(
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    months_short="JFMAMJJASOND",
    thousands=".",
    point=",",
    conjunction=" en ",
)

EN = Wording(
    other="Nederlands",
    other_lang="nl",
    title="What this server knows",
    lead="Coaches keep notes here, locked. The key is with the coach and not here. "
    "Do look inside: this is what it sees itself, counted just now.",
    picture="The server of glass",
    picture_text="A glass cabinet. In it stand {accounts}, locked, {devices} that may come in, and {bytes} of "
    "content that looks like noise to the server.",
    accounts=("{n} account", "{n} accounts"),
    devices=("{n} device", "{n} devices"),
    accounts_row="accounts",
    devices_row="devices",
    months_counted=("{n} month", "{n} months"),
    sized="{n} with {size} slots",
    sized_too="{n} with {size}",
    slots="{size} slots",
    unused="still empty",
    empty="nothing yet",
    no_account="There is no account here yet.",
    noise="content: only noise",
    held="Together {bytes} of locked content.",
    slots_text="All slots are of one size and always full: with a piece of a "
    "note, or with nothing but noise. The server can’t tell which.",
    calendar="Every month a key goes",
    calendar_title="Calendar of the key shares",
    calendar_text="For {months} there still is a key share: from {first} to {last}. "
    "Of the months before there is none any more.",
    calendar_note="A note that is kept here opens only with the coach’s key and the key share of the month in which "
    "it expires. When that month is over, the server destroys the share. What is then left of the note here can’t "
    "be opened by anybody, the coach included. Which note expires when the server does not know. Every account has "
    "shares of its own.",
    calendar_none="Without an account there are no key shares either.",
    still="still there",
    this_month="goes after {month}",
    gone="not there any more",
    unknown="It does not know",
    unknown_things=(
        ("Names", "Not the coach’s, not yours. An account is a random number."),
        ("Dates", "No note carries one."),
        ("How many", "Not how many notes there are, nor how long they are. Only how many a cabinet holds at most."),
        ("Text", "Not a word, nor a title or a theme."),
        ("Addresses", "No e-mail, no telephone. The internet address of a device is not kept."),
        ("A log", "Who came by and when is not written down. Only in which month something was last stored."),
    ),
    sees="It can’t help seeing",
    sees_things=(
        "When a coach’s device makes contact, and how much it sends. Usually that is once a day, at a random moment "
        "and always the same amount. A coach who wants to be up to date at once also shows how many slots "
        "change.",
        "Which slots are filled anew, and when a cabinet became too small.",
        "Which devices belong to one account.",
        "The internet address of whoever connects, yours now too. For as long as the connection lasts.",
    ),
    keeps="What else it keeps",
    keeps_things=(
        "Of an account: a random number, a counter that goes up when something is stored, the month of the last "
        "time, and how large it may become.",
        "Of a device: a number and a key to recognise it, also when it has been turned away since.",
        "Of an invitation: a mark, how often and until which day it still holds. Of a device that is to join: a "
        "locked parcel. Used or past is gone.",
        "Check sums, signatures and one-time numbers, against tampering and repeating.",
    ),
    trust="Must you believe that?",
    trust_text=(
        "That the server can’t read your notes is not something to take its word for. They are locked on the "
        "coach’s device before they are sent, and don’t open without such a device.",
        "This page, however, is the server’s own word. That it writes nothing down, reads no old copies, and really "
        "destroys a key share every month, is a promise of whoever keeps it.",
    ),
    machines="The same figures, for programs",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    months_short="JFMAMJJASOND",
    thousands=",",
    point=".",
    conjunction=" and ",
)

WORDINGS = {"nl": NL, "en": EN}
