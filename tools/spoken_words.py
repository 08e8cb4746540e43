"""Spoken words: fetches the packages they are chosen from, judges vault/words, and offers words for what is free.

    python -m tools.spoken_words           says what breaks a rule in nl.txt and en.txt
    python -m tools.spoken_words --offer   also prints the words that still fit, the most frequent first
    python -m tools.spoken_words --build   writes both lists: what was chosen and breaks no rule, filled up by offers

What is chosen is chosen by hand: no script knows what nobody wants to find on a paper from their coach (sad,
rude, devout, about bodies, illness, violence or money trouble), nor which plurals and twins a listener takes for each
other. The rest is checked here. The packages are those of tools/guard_lists.py and two more, with fixed digests.
"""

import json
import re
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from tools.guard_lists import DATA, DUTCH, ENGLISH, ZXCVBN, Package, fetched, lines
from vault import words

COUNT = 2048
START = 4
"""First letters that differ between any two words."""
_OFFERED = 5

AMERICAN = Package(
    "wamerican",
    "2020.12.07-2",
    ("apt-get", "--quiet=2", "download", "wamerican=2020.12.07-2"),
    "c8f8e2b2ad0d37bfdd41f0e40f1e4c8e5f907467d768a1d3698b164e9617f0b4",
)
ZXCVBN_EN = Package(
    "@zxcvbn-ts/language-en",
    "3.0.2",
    ("npm", "pack", "--silent", "@zxcvbn-ts/language-en@3.0.2"),
    "4b4f7c64a4ca6e1d5dda1a770fb0a0ed6d8e75e5540bf1aa7fa1384cde2fab62",
)

_HEARD = {
    "nl": (("ij", "ei"), ("au", "ou"), ("ch", "g"), ("ck", "k"), ("ph", "f"), ("th", "t"), ("ie", "i"), ("y", "i")),
    "en": (("ph", "f"), ("kn", "n"), ("wr", "r"), ("wh", "w"), ("gh", ""), ("ck", "k"), ("ee", "ea"), ("ai", "ay")),
}
"""Spellings that sound alike, or nearly."""


class Source(NamedTuple):
    """What the words of a language may be chosen from."""

    known: frozenset[str]
    frequent: list[str]
    kept_out: frozenset[str]


def heard(word: str, lang: str) -> str:
    """What is left of a word by telephone: words with the same sound are not told apart."""
    for written, sound in _HEARD[lang]:
        word = word.replace(written, sound)
    if lang == "nl":
        word = re.sub("c(?=[ei])", "s", word).translate(str.maketrans("cvz", "kfs"))
        word = re.sub("b$", "p", re.sub("d$", "t", word))
    else:
        word = word.replace("oa", "o").replace("c", "k").removesuffix("e")
    return re.sub(r"(.)\1+", r"\1", word)


def too_near(chosen: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs that one wrong, missing, surplus or swapped letter makes of each other."""
    by_form = defaultdict(set)
    for word in chosen:
        by_form[word].add(word)
        for at in range(len(word)):
            by_form[word[:at] + word[at + 1 :]].add(word)
            by_form[word[:at] + "?" + word[at + 1 :]].add(word)
            # the swapped letters in alphabetical order, so that both words have this form
            by_form["".join([word[:at], *sorted(word[at : at + 2]), "!", word[at + 2 :]])].add(word)
    for form, group in by_form.items():
        for one, other in combinations(sorted(group), 2):
            if form in (one, other) or "?" in form or "!" in form:
                yield one, other


def faults(chosen: list[str], lang: str) -> Iterator[str]:
    """What is wrong with a list by the rules that need no package."""
    if chosen != sorted(set(chosen)) or len(chosen) != COUNT:
        yield f"{len(set(chosen))} words, not {COUNT} in alphabetical order"
    yield from (f"{word}: not four to eight letters" for word in chosen if not re.fullmatch("[a-z]{4,8}", word))
    for what, of in (("start", lambda word: word[:START]), ("sound", lambda word: heard(word, lang))):
        groups = defaultdict(list)
        for word in chosen:
            groups[of(word)].append(word)
        yield from (f"{' '.join(group)}: the same {what}" for group in groups.values() if len(group) > 1)
    yield from (f"{one} {other}: one typing error apart" for one, other in sorted(set(too_near(chosen))))


def sources(folder: Path) -> dict[str, Source]:
    """The packages' words."""
    dutch = frozenset(word for word in lines(fetched(DUTCH, folder), "./usr/share/dict/dutch") if word.islower())
    british = set(lines(fetched(ENGLISH, folder), "./usr/share/dict/british-english"))
    american = set(lines(fetched(AMERICAN, folder), "./usr/share/dict/american-english"))
    names, (dutch_frequent, english_frequent, english_names) = [], ([], [], [])
    with tarfile.open(fetched(ZXCVBN, folder)) as tar:
        names += load(tar, "girlsFirstnames") + load(tar, "boysFirstnames")
        dutch_frequent = load(tar, "commonWords") + load(tar, "wikipedia")
    with tarfile.open(fetched(ZXCVBN_EN, folder)) as tar:
        english_names = load(tar, "firstnames")
        english_frequent = load(tar, "commonWords") + load(tar, "wikipedia")
    places = (DATA / "places.txt").read_text("utf-8").split("\n")
    both = frozenset(word for word in british & american if word.islower())
    return {
        "nl": Source(dutch, dutch_frequent, frozenset({name.lower() for name in names} | set(places))),
        "en": Source(both, english_frequent, frozenset(name.lower() for name in english_names)),
    }


def load(tar: tarfile.TarFile, name: str) -> list[str]:
    """The words of one list in a package of zxcvbn-ts."""
    content = tar.extractfile(f"package/src/{name}.json")
    assert content is not None
    found = json.load(content)
    return found.split(",") if isinstance(found, str) else list(found)


def offers(chosen: Collection[str], lang: str, source: Source) -> Iterator[str]:
    """Words that could be taken, a line for each four letters that are free."""
    sounds = {heard(word, lang) for word in chosen}
    starts = {word[:START] for word in chosen}
    groups = defaultdict(list)
    for word in dict.fromkeys(source.frequent):
        fits = re.fullmatch("[a-z]{4,8}", word) and word in source.known and word not in source.kept_out
        if fits and word[:START] not in starts and heard(word, lang) not in sounds:
            groups[word[:START]].append(word)
    yield from (" ".join(group[:_OFFERED]) for group in groups.values())


def built(chosen: Iterable[str], lang: str, source: Source) -> list[str]:
    """The list made anew: the words that were chosen, but for those that break a rule, filled up with offers."""
    kept = [word for word in chosen if word in source.known and word not in source.kept_out]
    near = {other for _one, other in too_near(kept)}
    kept = [word for word in kept if word not in near][:COUNT]
    while len(kept) < COUNT:
        fresh = next((line.split()[0] for line in offers(kept, lang, source) if not _near(line.split()[0], kept)), None)
        if fresh is None:
            break
        kept.append(fresh)
    return sorted(kept)


def _near(word: str, chosen: list[str]) -> bool:
    return any(word in pair for pair in too_near([*chosen, word]))


def main() -> int:
    """Says what is wrong. 1 if anything is."""
    wrong = False
    with tempfile.TemporaryDirectory() as scratch:
        found = sources(Path(scratch))
    for lang in words.LANGUAGES:
        chosen = list(words.load(lang))
        source = found[lang]
        if "--build" in sys.argv[1:]:
            chosen = built(chosen, lang, source)
            (Path(words.__file__).parent / f"{lang}.txt").write_text("\n".join(chosen) + "\n", encoding="utf-8")
        told = [
            *faults(chosen, lang),
            *(f"{word}: on no list" for word in chosen if word not in source.known),
            *(f"{word}: a name" for word in chosen if word in source.kept_out),
        ]
        for line in told:
            print(lang, line)
        wrong = wrong or bool(told)
        if "--offer" in sys.argv[1:]:
            print(*offers(chosen, lang, source), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
