"""What an editor works with besides its text: the guard's lists and rules, the themes there are, the templates."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.guard import Find, Lists, Scanner
    from vault.service import Template, Vault

ASK, REDACT, REFUSE, OFF = "ask", "redact", "refuse", "off"

_SWITCH = 0.0005
"""Seconds after which a thread of ours lets a key press through; Python's own 5 ms would be felt."""

_COLLECT_AFTER = 20_000
"""New objects after which Python looks for rings among them; a wide screen makes thousands for every key."""


@contextmanager
def giving_way() -> Iterator[None]:
    """While a thread computes, keys still come through."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def calm() -> None:
    """Keeps Python's collector from what stays for good: looking through it held up every sixteenth key for 20 ms."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 50, 100)


class Aids:
    """Made once for an open vault (or for none) and passed to every editor.

    `themes` gives the themes that exist; `policy` takes the place of the vault's own guard policy.
    """

    def __init__(
        self,
        vault: Vault | None = None,
        *,
        themes: Callable[[], Sequence[str]] | None = None,
        policy: str | None = None,
    ) -> None:
        self.vault = vault
        self._themes = themes
        self._policy = policy
        self._lists: Lists | None = None
        self._loading: asyncio.Future[None] | None = None

    # -- the guard

    @property
    def policy(self) -> str:
        """ask, redact, refuse or off."""
        return self._policy or (self.vault.guard_policy if self.vault else ASK)

    @property
    def ready(self) -> bool:
        """Whether the lists are there."""
        return self._lists is not None

    def preload(self) -> asyncio.Future[None] | None:
        """Starts to read the lists beside the event loop, if nobody has; for idle time after the unlock prompt."""
        if self._loading is None and self.policy != OFF:
            self._loading = asyncio.ensure_future(self._read())
        return self._loading

    async def _read(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._load)
        calm()

    def _load(self) -> None:
        with giving_way():
            self.lists()

    def lists(self) -> Lists:
        """The lists, read now if need be."""
        if self._lists is None:
            from vault.guard import load

            self._lists = load()
        return self._lists

    def scan(self, text: str) -> list[Find]:
        """Everything the guard finds in a text. Needs nothing but the lists, so a thread may call it."""
        from vault.guard import scan

        return scan(text, self.lists())

    def scanner(self) -> Scanner:
        """A scanner for one editor; what it is given it keeps until it is told to forget."""
        from vault.guard import Scanner

        return Scanner(self.lists())

    def allowed(self) -> frozenset[str]:
        """What is allowed for ever in this vault, in lower case and without accents."""
        from vault.guard.words import plain

        return frozenset(map(plain, self.vault.allowed_words())) if self.vault else frozenset()

    def allow(self, word: str) -> None:
        """Allows a word for ever in this vault. Raises VaultError; nothing is changed then."""
        if self.vault:
            self.vault.allow_words([word])

    # -- themes and templates

    def themes(self) -> Sequence[str]:
        """The themes that exist already."""
        return self._themes() if self._themes else ()

    def templates(self) -> list[Template]:
        """The coach's own templates."""
        return list(self.vault.templates()) if self.vault else []

    def save_template(self, name: str, text: str) -> None:
        """Keeps a template of the coach; one of the same name is replaced. Raises VaultError."""
        from vault.service import Template

        if self.vault:
            others = [each for each in self.vault.templates() if each.name != name]
            self.vault.set_templates([*others, Template(name, text)])

    def remove_template(self, name: str) -> None:
        """Takes a template of the coach away. Raises VaultError."""
        if self.vault:
            self.vault.set_templates([each for each in self.vault.templates() if each.name != name])


def themes_of(vault: Vault) -> Callable[[], list[str]]:
    """The themes of a vault's notes, the most used first; reads every note each time."""

    def used() -> list[str]:
        from collections import Counter

        from vault.themes import themes

        counted = Counter(theme for note in vault.find_readable([]).notes for theme in themes(note.text))
        return [theme for theme, _count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]

    return used
