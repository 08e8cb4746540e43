"""The catalogues hold what the source says, and every word has its Dutch."""

import re

import pytest

from tools import messages

PLACES = re.compile(r"%(?:\(\w+\))?[rsd]|\{\w*\}")


def strings(of: object) -> list[str]:
    texts = of if isinstance(of, list | tuple) else [of]
    return [text for text in texts if isinstance(text, str) and text]


def test_committed_catalogues_are_up_to_date() -> None:
    assert messages.stale() == [], "run `make messages` and commit what it changes"


@pytest.mark.parametrize("locale", messages.LOCALES)
def test_every_message_is_translated(locale: str) -> None:
    assert messages.untranslated(locale) == []


@pytest.mark.parametrize("locale", messages.LOCALES)
def test_translations_name_no_place_that_the_message_lacks(locale: str) -> None:
    for message in messages.translated(locale, messages.template()):
        if message.id:
            known = set(PLACES.findall(" ".join(strings(message.id))))
            for text in strings(message.string):
                found = set(PLACES.findall(text))
                assert found == known or (message.pluralizable and found < known), message.id


def test_catalogues_hold_no_time_and_no_version() -> None:
    for path, content in messages.wanted():
        assert not any(word in content for word in (b"Date", b"Generated-By", b"Project-Id")), path
