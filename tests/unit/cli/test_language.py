"""Dutch for a Dutch locale, English for every other; the option wins."""

import pytest

from cli.i18n import choose


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "nl_BE"}, "nl"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
        ({"LANG": "nl_NL.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_ALL": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "en_US", "LC_MESSAGES": "nl_NL"}, "nl"),
        ({"LANG": "en_US", "LANGUAGE": "nl:en"}, "nl"),
        ({"LANG": "nl_NL", "LANGUAGE": ""}, "nl"),
    ],
)
def test_the_language_follows_the_locale(environ: dict[str, str], language: str) -> None:
    assert choose(environ) == language
