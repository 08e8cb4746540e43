"""Texts that break programs, and exports whose key derivation costs next to nothing. For tests of exports."""

import pytest
from hypothesis import strategies as st

from vault import limits

CODE = "aalbes dambord kerrie rijden stoer vlakte"

NASTY = (
    "",
    " \n\t\n ",
    "</script><script>alert(1)</script>",
    "<!-- <![CDATA[ ]]> --> &amp; &#x0; <img src=x onerror=alert(1)>",
    "***\n****\n\n*****\n",
    "\n***\n\n",
    "---\n===\n# kop\n> citaat\n```\ncode\n```",
    '#set text(red) #panic() $x^2$ @ref <label> \\ *vet* _schuin_ #include "/etc/passwd"',
    "{n} {m} @@BOX@@ @@SCRIPT@@ \\g<0> %s ${x}",
    "🙂 👩‍👩‍👧 🏳️‍🌈 ✓ ☐ → €",
    "שלום עולם, مرحبا بالعالم, and back",
    "\u202eomgekeerd\u202c \u200b\ufeff\u00ad",
    "中文 한국어 日本語 देवनागरी ﷺ ﬁ İ ß ı",
    "bel\x07 esc\x1b[31m del\x7f nel\x85 ls\u2028ps\u2029 vt\x0bff\x0c",
    "e\u0301 é a\u0323\u0301",
    "regel\r\nregel\rregel\n\n\n",
    "\ue000 \uffff \U0010ffff \ufdd0",
    "W" * 300,
    "w" * 5000,
    "1 van 1",
    "Dit is het einde.",
    "#grenzen #werkdruk\n\ntekst\n#grenzen",
)

any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)
noted_text = st.one_of(any_text, st.sampled_from(NASTY), st.lists(st.sampled_from(NASTY), max_size=4).map("\n".join))


def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand iterations in this test, floor included. The tests of vectors use the real number."""
    monkeypatch.setattr(limits, "EXPORT_ITERATIONS", 1000)
