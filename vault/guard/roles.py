"""Neutral words for what was found: the same person gets the same word all over a note. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from types import MappingProxyType

from vault.guard.find import Find
from vault.guard.sets import words
from vault.guard.tiers import FUNCTIONS
from vault.guard.words import plain

_WORDS = {
    "datum": "[datum]",
    "telefoon": "[telefoon]",
    "email": "[e-mail]",
    "bsn": "[BSN]",
    "iban": "[rekening]",
    "postcode": "[postcode]",
    "adres": "[adres]",
    "plaats": "[plaats]",
    "organisatie": "[organisatie]",
    "leeftijd": "[leeftijd]",
    "url": "[link]",
    "kvk": "[KvK]",
    "kenteken": "[kenteken]",
}
# Kinds of which a note may hold several that must be told apart.
_LETTERED = {"plaats": "plaats", "organisatie": "organisatie"}
_TITLES = words(
    "mevrouw meneer mijnheer mevr mw dhr heer tante oom ome opa oma dokter dominee pastoor pater zuster juf meester"
)
_SPELLED = {"mevr": "mevrouw", "mw": "mevrouw", "dhr": "meneer", "heer": "meneer"}
_ROLES = words(
    "vader moeder broer zus zusje broertje zoon dochter kind oudste jongste partner man vrouw echtgenoot echtgenote "
    "vriend vriendin ex buurman buurvrouw neef nicht neefje nichtje schoonzus zwager schoonmoeder schoonvader "
    "collega baas chef manager leidinggevende teamleider directeur bestuurder coach mentor stagiair stagiaire klant "
    "client cliente coachee deelnemer bedrijfsarts huisarts arts psycholoog therapeut hond kat hr-adviseur "
    "opdrachtgever compagnon vennoot assistent assistente secretaresse tante oom opa oma"
)
_SMALL = words("van de der den het ten ter te von el al ben la le di da op in aan bij uit t s v d")
_BEFORE = re.compile(r"([^\W\d_][\w'’-]*)[ \u00a0]\Z")
_WORD = re.compile(r"[^\W\d_]+")
_MONTHS = r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)"
_DATES = (
    (
        re.compile(rf"(?:begin |half |medio |eind |einde )?{_MONTHS}(?: (?:of|en) {_MONTHS})?\Z", re.IGNORECASE),
        "[maand]",
    ),
    (re.compile(r"(?:begin |half |medio |eind |einde )?(?:\d{4}|['’]\d\d)\Z", re.IGNORECASE), "[jaar]"),
    (re.compile(r"(?:week|wk|weeknummer|weeknr)\b.*\Z", re.IGNORECASE), "[week]"),
    (re.compile(r".*\bjaren\b.*\Z", re.IGNORECASE), "[periode]"),
    (
        re.compile(
            r"[^\d]*(?:dag|avond|kerst\w*|pasen|pinksteren|sinterklaas|carnaval|ramadan|nieuw|feest)\Z", re.IGNORECASE
        ),
        "[feestdag]",
    ),
)


_NOTHING: Mapping[str, str] = MappingProxyType({})


def replacements(text: str, finds: Sequence[Find], known: Mapping[str, str] = _NOTHING) -> list[str]:
    """A neutral word for each find in `text`, in their order.

    Behind a word that says enough ('collega Sanne') it is empty: the name is left out, with the blank before it.
    `known` is what `remembered` gave for finds of this note that were replaced before; a letter that stands in the text
    already is not given to anybody else.
    """
    people = _people(text, finds, known)
    letters = _all_letters(text, finds, known)
    result = []
    for find in finds:
        if find.kind == "naam":
            result.append(_capital(text, find, _said(text, find, people[find])))
        elif find.kind in letters:
            result.append(letters[find.kind][plain(find.text)])
        elif find.kind == "datum":
            result.append(next((word for form, word in _DATES if form.match(find.text)), _WORDS["datum"]))
        else:
            result.append(_WORDS[find.kind])
    return result


def alike(finds: Sequence[Find]) -> list[int]:
    """A number for each find: the same for all that are about the same person, or say the same."""
    owners = _owners(finds)[1]
    numbers: dict[object, int] = {}
    keys = [id(owners[find]) if find in owners else (find.kind, plain(find.text)) for find in finds]
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def remembered(text: str, finds: Sequence[Find], known: Mapping[str, str] = _NOTHING) -> list[dict[str, str]]:
    """For each find what is to be known of it once it is replaced, so that it gets the same word when it comes back."""
    people = _people(text, finds, known)
    letters = _all_letters(text, finds, known)
    result: list[dict[str, str]] = []
    for find in finds:
        if find in people:
            result.append(dict.fromkeys(people[find].words, people[find].label))
        elif find.kind in letters:
            result.append({plain(find.text): letters[find.kind][plain(find.text)]})
        else:
            result.append({})
    return result


def blanked(text: str, known: Mapping[str, str] = _NOTHING) -> str:
    """`text` with a sign for the letter of each neutral word: in 'persoon B. Piet' the letter is no initial of Piet's.

    As long as the text, so that what is found in it stands there in the text.
    """
    lettered = {label for label in known.values() if label[-2:-1] == " "}
    forms = "|".join([r"persoon [A-Z]", *map(re.escape, sorted(lettered))])
    return re.sub(rf"(?<!\w)(?:{forms})(?!\w)", lambda found: found[0][:-1] + "–", text, flags=re.IGNORECASE)


def splice(text: str, finds: Sequence[Find], words: Sequence[str]) -> str:
    """`text` with each of `words` in the place of its find; an empty one takes the blank before it along."""
    pieces: list[str] = []
    done = 0
    for find, word in zip(finds, words, strict=True):
        piece = text[done : find.start]
        pieces += (piece if word else piece.rstrip(" \u00a0"), word)
        done = find.end
    return "".join(pieces) + text[done:]


def redact(text: str, finds: Sequence[Find]) -> str:
    """`text` with a neutral word for everything that was found."""
    return splice(text, finds, replacements(text, finds))


def _capital(text: str, find: Find, word: str) -> str:
    """`word` as it is written where the find stands: with a capital at the start of a sentence."""
    before = text[max(0, find.start - 4) : find.start].rstrip(" \u00a0")
    opens = find.start == 0 or before[-1:] in {".", "!", "?", "\n"}
    return word[:1].upper() + word[1:] if opens and find.text[:1].isupper() else word


def _letter(number: int) -> str:
    return chr(65 + number) if number < 26 else _letter(number // 26 - 1) + chr(65 + number % 26)


def _free(text: str, form: str, used: Collection[str], numbers: Iterator[int]) -> str:
    """`form` with the next letter that neither stands in the text nor is in use."""
    while True:
        label = form.format(_letter(next(numbers)))
        if label not in used and not re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text, re.IGNORECASE):
            return label


def _all_letters(text: str, finds: Sequence[Find], known: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {kind: _letters(text, [find for find in finds if find.kind == kind], known) for kind in _LETTERED}


def _letters(text: str, finds: Sequence[Find], known: Mapping[str, str]) -> dict[str, str]:
    """A word for each different text: with a letter if there is more than one."""
    different = list(dict.fromkeys(plain(find.text) for find in finds))
    words = {each: known[each] for each in different if each in known}
    new = [each for each in different if each not in words]
    if not new:
        return words
    alone = _WORDS[finds[0].kind]
    used = set(known.values())
    if len(different) == 1 and not any(label.startswith(alone[:-1]) for label in used) and alone[:-1] not in text:
        return {new[0]: alone}
    form, numbers = f"[{_LETTERED[finds[0].kind]} {{}}]", count()
    return words | {each: _free(text, form, used, numbers) for each in new}


class _Person:
    """Somebody in the note: the words of the name, and what is said of them."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.role = ""
        self.label = ""


def _owners(finds: Sequence[Find]) -> tuple[list[_Person], dict[Find, _Person]]:
    """Everybody in the note, and who is meant by each find that is a name."""
    by_word: dict[str, _Person] = {}
    persons: list[_Person] = []
    owners: dict[Find, _Person] = {}
    for find in finds:
        if find.kind != "naam":
            continue
        words = _core(find.text)
        person = next((by_word[word] for word in words if word in by_word), None)
        if person is None:
            person = _Person()
            persons.append(person)
        person.words.update(words)
        by_word.update(dict.fromkeys(words, person))
        owners[find] = person
    return persons, owners


def _people(text: str, finds: Sequence[Find], known: Mapping[str, str]) -> dict[Find, _Person]:
    """Who is meant by each find that is a name, with what they are called instead."""
    persons, owners = _owners(finds)
    for find, person in owners.items():
        person.role = person.role or _role(text, find)
    _label(text, persons, known)
    return owners


def _core(name: str) -> list[str]:
    """The words of a name that tell who it is; at least one."""
    words = [plain(word) for word in _WORD.findall(name)]
    kept = [word for word in words if word not in _SMALL and word not in _TITLES and len(word) > 1]
    return kept or words or [name]


def _role(text: str, find: Find) -> str:
    """What is said right before the name, or in it by a title; empty if nothing."""
    first = plain((_WORD.search(find.text) or find.text)[0])
    if first in _TITLES:
        return _SPELLED.get(first, first)
    before = _BEFORE.search(text[max(0, find.start - 40) : find.start])
    if before is None:
        return ""
    word = before.group(1).lower()
    return word if plain(word) in _ROLES or (len(word) > 6 and word.endswith(FUNCTIONS)) else ""


def _label(text: str, persons: Sequence[_Person], known: Mapping[str, str]) -> None:
    roles = [person.role for person in persons]
    used = {label for label in known.values() if not label.startswith("[")}
    # the letter alone: 'persoon A' and 'collega A' would be taken for the same
    used |= {form.format(label[-1]) for label in used if label[-2:-1] == " " for form in _forms(roles)}
    for person in persons:
        person.label = next((known[word] for word in sorted(person.words) if word in known), "")
        alone = roles.count(person.role) == 1 and not any(label.split(" ")[0] == person.role for label in used)
        if not person.label and person.role and alone:
            person.label = person.role
    numbers = count()
    for person in persons:
        person.label = person.label or _free(text, _form(person.role), used, numbers)


def _form(role: str) -> str:
    return f"{role or 'persoon'} {{}}"


def _forms(roles: Iterable[str]) -> list[str]:
    return [_form(role) for role in roles]


def _said(text: str, find: Find, person: _Person) -> str:
    """The word for one mention: not what stands before it already."""
    owned = "'s" if find.text.endswith(("'s", "’s")) else ""
    if not person.role:
        return person.label + owned
    before = _BEFORE.search(text[max(0, find.start - 40) : find.start])
    if before is not None and before.group(1).lower() == person.role and person.label.startswith(person.role):
        return person.label[len(person.role) :].strip() + owned
    return person.label + owned
