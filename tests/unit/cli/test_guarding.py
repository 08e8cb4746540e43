"""The guard at the ways in: which policy holds where, what is told of finds, and what the answers make of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import guarding
from cli.asking import ALLOW, KEEP, REPLACE, Question, answered, questions
from cli.failures import Refused
from cli.finds import CLOSE, OPEN, context, rows
from cli.shell.kinds import counted
from vault.guard import KINDS, Find, load, replacements, scan
from vault.service import GUARD_POLICIES

NOTE = "Gesproken met Sanne over Peter de Vries uit Tilburg.\nSANNE belt dinsdag 4 juni terug op 06-12345678."


class Asking:
    def __init__(self, has_terminal: bool) -> None:
        self.has_terminal = has_terminal


class Surroundings:
    """As much of a context and of a vault as the guard looks at."""

    def __init__(self, policy: str = "ask", terminal: bool = False, json: bool = False, allowed: tuple[str, ...] = ()):
        self.ask = Asking(terminal)
        self.json = json
        self.guard_policy = policy
        self._allowed = list(allowed)

    def allowed_words(self) -> list[str]:
        return self._allowed


def found_in(text: str) -> list[Find]:
    return scan(text, load())


def test_the_modes_are_the_policies_of_a_vault() -> None:
    assert guarding.MODES == GUARD_POLICIES


@pytest.mark.parametrize("wanted", [None, *GUARD_POLICIES])
@pytest.mark.parametrize("policy", GUARD_POLICIES)
@pytest.mark.parametrize("json", [False, True])
@pytest.mark.parametrize("terminal", [False, True])
def test_what_was_asked_for_holds_then_the_vault_and_nobody_is_asked_where_nobody_can_be(
    wanted: str | None, policy: str, json: bool, terminal: bool
) -> None:
    here = Surroundings(policy, terminal, json)
    mode = guarding.mode(here, here, wanted)  # type: ignore[arg-type]
    if wanted in ("redact", "refuse", "off"):
        assert mode == wanted
    elif not terminal:
        # the contract: without a terminal the default is refuse, whatever the vault says
        assert mode == "refuse"
    else:
        expected = wanted or policy
        assert mode == ("refuse" if json and expected == "ask" else expected)


def test_a_refusal_counts_the_kinds_and_never_says_what_was_found() -> None:
    here = Surroundings()
    with pytest.raises(Refused) as raised:
        guarding.guarded(here, here, None, NOTE)  # type: ignore[arg-type]
    assert (raised.value.code, raised.value.kind) == (5, "GuardRefused")
    sentence = raised.value.sentence
    assert "3 names, 1 date, 1 place, 1 telephone number" in sentence
    assert not [find.text for find in found_in(NOTE) if find.text in sentence + repr(raised.value) + str(raised.value)]


def test_files_with_finds_are_named_up_to_a_few() -> None:
    names = [f"{number}.md" for number in range(9)]
    found = [found_in(NOTE if number != 1 else "niets") for number in range(9)]
    sentence = guarding.refusal(found, names).sentence
    assert "0.md, 2.md, 3.md, 4.md, 5.md and 3 more" in sentence
    assert "1.md" not in sentence
    assert "more" not in guarding.refusal(found[:3], names[:3]).sentence


def test_nothing_is_looked_for_when_the_guard_is_off() -> None:
    here = Surroundings()
    assert guarding.guarded(here, here, "off", NOTE) == NOTE  # type: ignore[arg-type]


def test_allowed_words_are_no_finds(capsys: pytest.CaptureFixture[str]) -> None:
    here = Surroundings(allowed=("sanne", "peter de vries", "TILBURG", "Dinsdag 4 juni", "06-12345678"))
    assert guarding.guarded(here, here, "refuse", NOTE) == NOTE  # type: ignore[arg-type]
    assert capsys.readouterr() == ("", "")


def test_redacting_leaves_nothing_to_find_and_tells_only_how_much(capsys: pytest.CaptureFixture[str]) -> None:
    here = Surroundings()
    clean = guarding.guarded(here, here, "redact", NOTE)  # type: ignore[arg-type]
    assert not found_in(clean)
    assert "persoon A" in clean
    out, told = capsys.readouterr()
    assert out == ""
    assert told == "The privacy guard replaced: 3 names, 1 date, 1 place, 1 telephone number.\n"


def test_a_text_is_looked_at_again_after_replacing() -> None:
    # 'Den' of a town on two lines is compared as one word; allowed stays allowed in every round
    text = "Woont in Den\nHaag bij Sanne."
    assert not scan(guarding.redacted(text, found_in(text), []), load())
    assert [find.text for find in scan(text, load(), ["den haag"])] == ["Sanne"]


# -- answers -----------------------------------------------------------------------------------------------------------


def decided(texts: list[str], choices: dict[str, str], default: str) -> tuple[list[str], list[str]]:
    found = [found_in(text) for text in texts]
    words = [replacements(text, finds) for text, finds in zip(texts, found, strict=True)]
    asked = questions(found, words)

    def choice(question: Question) -> str:
        at, number = question.places[0]
        return choices.get(found[at][number].text, default)

    answers = answered(texts, found, words, [(question, choice(question)) for question in asked])
    return answers.texts, answers.allowed


def test_each_different_find_is_asked_once_over_all_texts() -> None:
    texts = [NOTE, "Sanne kwam weer, zonder Peter de Vries."]
    found = [found_in(text) for text in texts]
    asked = questions(found, [replacements(text, finds) for text, finds in zip(texts, found, strict=True)])
    times = {found[at][number].text: len(question.places) for question in asked for at, number in question.places[:1]}
    assert times == {"Sanne": 3, "Peter de Vries": 2, "Tilburg": 1, "dinsdag 4 juni": 1, "06-12345678": 1}


def test_what_is_replaced_goes_everywhere_and_what_is_kept_or_allowed_stays() -> None:
    texts, allowed = decided([NOTE], {"Sanne": REPLACE, "Tilburg": ALLOW}, KEEP)
    assert "sanne" not in texts[0].lower()
    assert texts[0].count("ersoon A") == 2
    assert "Peter de Vries uit Tilburg" in texts[0]
    assert allowed == ["Tilburg"]


def test_keeping_everything_changes_nothing() -> None:
    assert decided([NOTE, "niets"], {}, KEEP) == ([NOTE, "niets"], [])


def test_replacing_everything_is_what_redacting_does() -> None:
    here = Surroundings()
    texts, _ = decided([NOTE], {}, REPLACE)
    assert texts == [guarding.guarded(here, here, "redact", NOTE)]  # type: ignore[arg-type]


# -- in words ----------------------------------------------------------------------------------------------------------


def test_every_kind_can_be_counted() -> None:
    finds = [Find(0, 1, kind, "x") for kind in KINDS for _ in range(2)]
    text = counted(finds, len(KINDS))
    assert "other" not in text
    assert text.count(", ") == len(KINDS) - 1
    assert counted(finds, 2).endswith(", 24 others")


words = st.text(alphabet="ab \n\té\x1b«", max_size=60)


@given(words, st.text(alphabet="ab é\n", min_size=1, max_size=80), words, st.integers(24, 120))
def test_a_find_is_shown_on_one_line_within_its_room(before: str, found: str, after: str, room: int) -> None:
    text = before + found + after
    shown = context(text, Find(len(before), len(before) + len(found), "naam", found), room)
    assert len(shown) <= room
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert shown.count(OPEN) >= 1
    assert CLOSE in shown


def test_as_much_of_the_line_is_shown_as_fits() -> None:
    text = "eerste regel\n" + "lang " * 50 + "met Sanne erin " + "lang " * 50 + "\nlaatste regel"
    (find,) = found_in(text)
    shown = context(text, find, 60)
    assert 55 <= len(shown) <= 60
    assert "met «Sanne» erin" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert context("met Sanne erin", Find(4, 9, "naam", "Sanne"), 60) == "met «Sanne» erin"


def test_rows_stay_within_the_width_and_name_line_kind_and_neutral_word() -> None:
    lines = rows(NOTE, found_in(NOTE), 80)
    assert max(map(len, lines)) < 80
    assert [line.split()[:2] for line in lines[-3:]] == [["2", "name"], ["2", "date"], ["2", "telephone"]]
    assert lines[0].endswith("→ persoon A")
