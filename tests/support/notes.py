"""Session notes as a coach might write them: Dutch, undated, unnamed, and the same for the same seed.

For tests and benchmarks that need many notes. Sentences are drawn from templates; no name, date, place or number that
the guard would find is in them.
"""

import random
from collections.abc import Iterator

LEAST = 500
"""Bytes of the shortest note by default."""
MEAN = 1500
"""Bytes of a note by default, on average."""
MOST = 4000
"""Bytes of the longest note by default."""

_WHO = ("hij", "zij", "de cliënt", "mijn gesprekspartner", "deze mens", "de deelnemer")
_FEELING = (
    "boosheid", "schaamte", "opluchting", "twijfel", "verdriet", "onrust", "trots", "angst om te falen", "heimwee",
    "vermoeidheid", "nieuwsgierigheid", "teleurstelling", "rust", "ongeduld", "spanning", "dankbaarheid",
)  # fmt: skip
_THEME = (
    "grenzen", "perfectie", "de reorganisatie", "werkdruk", "het gesprek met de leidinggevende", "uitstelgedrag",
    "rouw om een baan", "de verhouding met een collega", "zichtbaar zijn", "hulp vragen", "een nieuwe rol", "loslaten",
    "de terugkeer naar het werk", "vertrouwen in het team", "het patroon van pleasen", "de stap naar zelfstandigheid",
)  # fmt: skip
_BODY = ("nek", "ademhaling", "borst", "houding", "buik", "stem", "blik", "toon")
_CHANGE = ("zakt", "wordt zachter", "spant zich aan", "komt tot rust", "blijft onrustig", "verandert zichtbaar")
_SAID = (
    "het is nu eenmaal zo", "ik moet gewoon doorzetten", "wie ben ik om dat te vragen", "ik wil weer zin hebben",
    "niemand ziet wat ik doe", "misschien mag het ook makkelijk", "ik weet het eigenlijk al", "dat kan ik niet maken",
    "als ik stop valt alles om", "ik wil niet gewonnen hebben", "ik kies hier niet voor", "zo ken ik mezelf niet",
)  # fmt: skip
_WORK = (
    "de twee stoelen", "een opstelling op de vloer", "een brief die niet verstuurd wordt", "een tijdlijn met touw",
    "een rollenspel", "kaartjes met waarden", "een wandeling in stilte", "tekenen zonder woorden", "het dubbele rad",
    "een gesprek met de innerlijke criticus", "de cirkel van invloed", "langzaam uitademen en gronden",
)  # fmt: skip
_TASK = (
    "elke avond opschrijven wat energie gaf", "om hulp vragen bij iets kleins", "de agenda een middag leeg laten",
    "een gesprek voeren zonder oplossing te eisen", "turven hoe vaak het woord moeten valt", "eerder naar bed gaan",
    "iets afmaken en het daarna laten rusten", "een keer nee zeggen en kijken wat er gebeurt", "niets, dat is genoeg",
    "de eerste zin van het gesprek uit het hoofd leren", "met de partner over de verdeling thuis praten",
)  # fmt: skip
_MINE = (
    "neiging om te redden", "ik praatte te veel", "ik hield de stilte goed uit", "ongeduld gevoeld en geparkeerd",
    "ik wilde het oplossen", "geraakt, en dat gezegd", "ik volgde mijn plan in plaats van het gesprek",
    "niets bijzonders",
)  # fmt: skip
_TEMPLATES = (
    "Thema van het gesprek was {theme}.",
    "Veel {feeling}, en daaronder {feeling2}.",
    "Er kwam {feeling} toen het over {theme} ging.",
    "Zinnetje dat terugkwam: “{said}”.",
    "Gevraagd van wie de zin “{said}” eigenlijk is. Lang stil.",
    "Gewerkt met {work}. Daarna was er meer ruimte, en ook {feeling}.",
    "Opvallend dat de {body} {change} zodra {theme} ter sprake komt.",
    "Teruggegeven wat ik zag: {feeling} in het hoofd, {feeling2} in het lijf.",
    "Volgens mij verwacht {who} afwijzing en klinkt daarom {feeling}.",
    "Onderzocht wat {theme} oplevert en wat het kost.",
    "Nog niet gezegd, wel voelbaar: {feeling}.",
    "Aan het eind merkte {who} op dat de {body} {change}.",
    "Bij {theme} hoort een oude regel: “{said}”.",
    "Geoefend met {work}; de eerste keer te hard, daarna te zacht, toen goed.",
    "Verschil gemaakt tussen feit, gevolg en wens rond {theme}.",
    "Geen besluit genomen over {theme}, wel gezien wie er allemaal mag meestemmen.",
)
_CLOSINGS = (
    "Afspraak: {task}.",
    "Meegegeven: {task}.",
    "Mijn eigen gevoel: {mine}.",
    "Voor mijzelf: {mine}. Op letten.",
    "Volgende keer verder met {theme}.",
)
_VARIETY = 4000
"""Sentences that are drawn beforehand; notes are mixed from them, which is what makes this fast."""


def _sentences(chance: random.Random, templates: tuple[str, ...], count: int) -> list[str]:
    pick = chance.choice
    return [
        pick(templates).format(
            who=pick(_WHO),
            feeling=pick(_FEELING),
            feeling2=pick(_FEELING),
            theme=pick(_THEME),
            body=pick(_BODY),
            change=pick(_CHANGE),
            said=pick(_SAID),
            work=pick(_WORK),
            task=pick(_TASK),
            mine=pick(_MINE),
        )
        for _ in range(count)
    ]


def _size(chance: random.Random, least: int, most: int, mean: float) -> int:
    # Beta with this mean: many short notes, a tail of long ones, never outside the bounds.
    share = (mean - least) / (most - least)
    return least + int(chance.betavariate(2 * share, 2 * (1 - share)) * (most - least))


def generate(
    seed: int, count: int, *, least: int = LEAST, most: int = MOST, mean: float | None = None
) -> Iterator[str]:
    """`count` notes of `least` to `most` bytes (UTF-8), about `mean` on average; the same for the same arguments."""
    if not 0 < least < most or (mean is not None and not least < mean < most):
        raise ValueError("sizes must be ordered: 0 < least < mean < most")
    if mean is None:
        mean = MEAN if least < MEAN < most else (least + most) / 2
    chance = random.Random(seed)
    sentences = [(text, len(text.encode())) for text in _sentences(chance, _TEMPLATES, _VARIETY)]
    closings = _sentences(chance, _CLOSINGS, _VARIETY // 8)
    for _ in range(count):
        yield _note(chance, sentences, closings, _size(chance, least, most, mean), most)


def _note(chance: random.Random, sentences: list[tuple[str, int]], closings: list[str], size: int, most: int) -> str:
    """A note of at least `size` bytes where that fits, and never more than `most`."""
    closing = chance.choice(closings)
    parts, length = [], len(closing.encode())
    draw, many = chance.random, len(sentences)
    while length < size:
        text, bytes_of_text = sentences[int(draw() * many)]
        parts += [text, "\n\n" if draw() < 0.2 else " "]
        length += bytes_of_text + len(parts[-1])
    note = "".join(parts) + closing
    if length <= most:
        return note
    # Too long by part of a sentence: cut at a letter, so that a note of exactly `most` bytes occurs too.
    return note.encode()[:most].decode(errors="ignore")
