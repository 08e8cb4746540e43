"""Dutch and English of ongemerkt-server. Sentences stand in the code in English; their Dutch stands in DUTCH."""

import argparse
from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("nl", "en")

DUTCH: Final = {
    # options
    "The server for ongemerkt: it keeps what it can't read.": (
        "De server van ongemerkt: hij bewaart wat hij niet kan lezen."
    ),
    "command": "opdracht",
    "commands": "opdrachten",
    "for every command": "bij elke opdracht",
    "the server's folder, or ONGEMERKT_SERVER_DIR": "de map van de server, of ONGEMERKT_SERVER_DIR",
    "answer as one JSON document": "antwoord als één JSON-document",
    "language of the messages": "taal van de meldingen",
    "Say which folder: --dir DIR, or ONGEMERKT_SERVER_DIR.": "Zeg welke map: --dir MAP, of ONGEMERKT_SERVER_DIR.",
    "make a server in the folder: keys, settings, certificate": (
        "maak een server in de map: sleutels, instellingen, certificaat"
    ),
    "serve until it is told to stop": "draai tot er gestopt wordt",
    "print an invitation code for one coach": "druk een uitnodigingscode af voor één coach",
    "list accounts, purge one, or set its quota": "toon accounts, wis er een, of stel zijn ruimte in",
    "drop what is past its period (it also does so by itself)": "ruim op wat over zijn tijd is (gebeurt ook vanzelf)",
    "tell how the server is": "vertel hoe het met de server is",
    "print the description of its requests": "druk de beschrijving van zijn verzoeken af",
    "where it keeps everything; - reads the address from standard input, so that a password stays unseen": (
        "waar alles bewaard wordt; - leest het adres van standaardinvoer, zodat een wachtwoord ongezien blijft"
    ),
    "the server's own address, for its certificate": "het eigen adres van de server, voor zijn certificaat",
    "a certificate of your own (PEM, its chain)": "een eigen certificaat (PEM, met zijn keten)",
    "its key": "de sleutel ervan",
    "behind a proxy: the proxy's certificate": "achter een proxy: het certificaat van de proxy",
    "the address where it listens; without it, all of this machine": (
        "het adres waar hij luistert; anders alle van deze machine"
    ),
    "the port; 0 takes any that is free": "de poort; 0 neemt een vrije",
    "a certificate other than at init": "een ander certificaat dan bij init",
    "plain HTTP on this machine alone, for a proxy that does the TLS": (
        "gewone HTTP, alleen op deze machine, voor een proxy die de TLS doet"
    ),
    "Serve until it is told to stop. Several nodes behind one name share one PostgreSQL, and each has a copy of"
    " the folder of the first: all must sign with one key.": (
        "Draai tot er gestopt wordt. Meer servers achter één naam delen één PostgreSQL, en elk heeft een kopie van de"
        " map van de eerste: alle moeten met dezelfde sleutel tekenen."
    ),
    "how many accounts it may make": "hoeveel accounts ermee gemaakt mogen worden",
    "how many days it holds, such as 7d": "hoeveel dagen hij geldt, zoals 7d",
    "all accounts": "alle accounts",
    "forget one, with everything it holds": "vergeet er een, met alles wat erin staat",
    "how many bytes it may hold": "hoeveel bytes erin mogen staan",
    "such as 500M or 2G": "zoals 500M of 2G",
    # what commands say
    "The server is ready. The pin of its key:\n{pin}": "De server is klaar. De pin van zijn sleutel:\n{pin}",
    "Start it with: ongemerkt-server run": "Start hem met: ongemerkt-server run",
    "Serving at {where}": "Draait op {where}",
    "Stopped.": "Gestopt.",
    "Fault: {line}": "Fout: {line}",
    "For the coach: ongemerkt sync enrol {where} --invite CODE": (
        "Voor de coach: ongemerkt sync enrol {where} --invite CODE"
    ),
    "The account is gone, with everything it held.": "Het account is weg, met alles wat erin stond.",
    "The account may hold {size} bytes.": "In het account mogen {size} bytes staan.",
    "No accounts yet.": "Nog geen accounts.",
    "account": "account",
    "pool": "vakken",
    "devices": "apparaten",
    "last seen": "laatst",
    "quota": "ruimte",
    "Done. Dormant accounts that went: {gone}.": "Gedaan. Slapende accounts die weg zijn: {gone}.",
    "database": "database",
    "address": "adres",
    "pin of the key": "pin van de sleutel",
    "certificate until": "certificaat tot",
    "accounts": "accounts",
    "bytes held": "bytes bewaard",
    # errors
    "There is no server in this folder yet. Make one with: ongemerkt-server init": (
        "In deze map is nog geen server. Maak er een met: ongemerkt-server init"
    ),
    "There is a server in this folder already. Nothing was changed.": (
        "In deze map is al een server. Er is niets veranderd."
    ),
    "Another process serves from this folder already.": "Er draait al een server vanuit deze map.",
    "It can't listen at that address and port: they are in use, or not allowed.": (
        "Op dat adres en die poort kan hij niet luisteren: ze zijn in gebruik, of het mag niet."
    ),
    "settings.json in the folder can't be understood.": "settings.json in de map is niet te begrijpen.",
    "The folder was made by a newer version. Update the program.": (
        "De map is gemaakt door een nieuwere versie. Werk het programma bij."
    ),
    "receipt.key in the folder is missing or damaged. Put it back from your backup.": (
        "receipt.key in de map ontbreekt of is beschadigd. Zet het terug uit je reservekopie."
    ),
    "The certificate or its key can't be read, or they don't fit together.": (
        "Het certificaat of de sleutel ervan is niet te lezen, of ze passen niet bij elkaar."
    ),
    "This database needs more than is installed here. Add it with: pip install 'ongemerkt[postgresql]'": (
        "Deze database vraagt meer dan hier geïnstalleerd is. Voeg het toe met: pip install 'ongemerkt[postgresql]'"
    ),
    "The database is either sqlite or an address that begins with postgresql://": (
        "De database is sqlite of een adres dat begint met postgresql://"
    ),
    "There is no account with that id.": "Er is geen account met dat id.",
    "The disk is full. Make room and try again.": "De schijf is vol. Maak ruimte en probeer het opnieuw.",
    "The database can't be reached, or it is busy.": "De database is niet bereikbaar, of bezet.",
    "The database is damaged. Nothing was changed.": "De database is beschadigd. Er is niets veranderd.",
    "The database was made by a newer version. Update the program.": (
        "De database is gemaakt door een nieuwere versie. Werk het programma bij."
    ),
    "The server is not installed here. Add it with: pip install 'ongemerkt[server]'": (
        "De server is hier niet geïnstalleerd. Voeg hem toe met: pip install 'ongemerkt[server]'"
    ),
    "Reading or writing the server's folder failed.": "De map van de server lezen of schrijven is mislukt.",
    "Something went wrong that should not happen: a bug in ongemerkt-server ({kind}). Please report it.": (
        "Er ging iets mis wat niet zou mogen: een fout in ongemerkt-server ({kind}). Meld het alsjeblieft."
    ),
    "A password doesn't belong in a command line: use --database - and give the address on stdin.": (
        "Een wachtwoord hoort niet op de opdrachtregel: gebruik --database - en geef het adres op standaardinvoer."
    ),
    "Give --tls-cert and --tls-key together.": "Geef --tls-cert en --tls-key samen.",
    "The address looks like https://sync.example.nl": "Het adres ziet eruit als https://sync.example.nl",
    "A port is a number from 0 to 65535.": "Een poort is een getal van 0 tot en met 65535.",
    "Behind a proxy it serves without TLS, so only at a loopback address such as 127.0.0.1.": (
        "Achter een proxy draait hij zonder TLS, dus alleen op een adres van deze machine zelf, zoals 127.0.0.1."
    ),
    "An invitation is for 1 to {most} accounts and holds 1d to 999d.": (
        "Een uitnodiging is voor 1 tot {most} accounts en geldt 1d tot 999d."
    ),
    "An account's id is 32 letters and figures: see list.": (
        "Het id van een account is 32 letters en cijfers: zie list."
    ),
    "A size is a number, or one such as 500M or 2G.": "Een grootte is een getal, of zoiets als 500M of 2G.",
    # argparse's own
    "usage: ": "gebruik: ",
    "positional arguments": "argumenten",
    "options": "opties",
    "show this help message and exit": "toon deze hulp en stop",
    "show program's version number and exit": "toon de versie en stop",
    "the following arguments are required: %s": "deze argumenten ontbreken: %s",
    "unrecognized arguments: %s": "onbekende argumenten: %s",
    "expected one argument": "verwacht één argument",
    "argument %(argument_name)s: %(message)s": "argument %(argument_name)s: %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "ongeldige keuze: %(value)r (kies uit %(choices)s)",
    "invalid %(type)s value: %(value)r": "ongeldige waarde: %(value)r",
    "ambiguous option: %(option)s could match %(matches)s": "dubbelzinnige optie: %(option)s kan zijn %(matches)s",
    "ignored explicit argument %r": "hier hoort geen waarde: %r",
}


class _Chosen:
    language = "en"


def install(language: str) -> None:
    """Makes `language` the language of every sentence, argparse's own included."""
    _Chosen.language = language
    vars(argparse).update(_=_)


def choose(environ: Mapping[str, str]) -> str:
    """The language of the environment's locale: "nl" for a Dutch one, else "en"."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        for wanted in environ.get(name, "").split(":"):
            if wanted:
                return "nl" if wanted.lower().startswith("nl") else "en"
    return "en"


def _(message: str) -> str:
    """The sentence in the chosen language."""
    return DUTCH.get(message, message) if _Chosen.language == "nl" else message


def N_(message: str) -> str:
    """Marks a sentence for translation without translating it yet."""
    return message
