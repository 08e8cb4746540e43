"""Writing in plain lines: each typed line is added; a line with only a full stop saves; a colon changes a line."""

from __future__ import annotations

import re

from cli.failures import Refused, explain
from cli.i18n import _
from cli.shell.relock import LOCKED
from cli.shell.talk import Stopped
from vault.errors import VaultError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.drafts import Draft
    from cli.shell.plainly import Plainly
    from cli.shell.saving import Saving

_CHANGE = re.compile(r":(\d{1,5})(?: (.*))?")
END = "."


class LineEditor:
    """The text of one note, written line by line. Unsaved text is sealed as a draft when the program has to end."""

    def __init__(self, host: Plainly, saving: Saving, draft: Draft, is_draft: bool) -> None:
        self._host = host
        self._saving = saving
        self._draft = draft
        self._is_draft = is_draft
        self._lines: list[str] = []
        self._stored = ""

    def write(self, text: str) -> bool:
        """Whether the text was stored. Raises Stopped; what was not stored is sealed by then."""
        self._lines = text.split("\n") if text else []
        self._stored = "" if self._is_draft else text
        self._explain()
        while True:
            try:
                return self._take()
            except Stopped as stopped:
                # text that can't be sealed is not lost for a lock: nobody is there, and the idle watch tries again
                if self._seals(stopped):
                    raise

    def _explain(self) -> None:
        if self._lines:
            self._show()
        told = [_("Type line by line. A line with only a full stop saves. Ctrl-C leaves.")]
        if self._lines:
            told.append(_("':3 text' replaces line 3, ':3' takes it out, ':' shows all lines."))
        self._host.tell(" ".join(told))

    def _show(self) -> None:
        self._host.talk.show([f"{number}  {line}" for number, line in enumerate(self._lines, 1)])

    def _take(self) -> bool:
        while True:
            typed = self._host.talk.line("")
            if typed is None:
                if self._leaves():
                    return False
            elif typed.strip() == END:
                if self._saves():
                    return True
            elif typed.startswith(":"):
                self._change(typed.strip())
            else:
                self._lines.append(typed)

    def _change(self, typed: str) -> None:
        found = _CHANGE.fullmatch(typed)
        if typed == ":":
            self._show()
        elif found is None or not 1 <= int(found[1]) <= len(self._lines):
            self._host.tell(_("There is no such line. ':' shows all lines."))
        elif found[2] is None:
            del self._lines[int(found[1]) - 1]
        else:
            self._lines[int(found[1]) - 1] = found[2]

    @property
    def _text(self) -> str:
        return "\n".join(self._lines)

    def _unsaved(self) -> bool:
        return self._text != self._stored and bool(self._text.strip())

    def _leaves(self) -> bool:
        if self._unsaved() and not self._yes(_("This text is not saved. Throw it away?")):
            self._host.tell(_("Go on writing."))
            return False
        self._draft.drop()
        return True

    def _yes(self, question: str) -> bool:
        answer = self._host.talk.line(f"{question} {_('[y/N]')} ")
        return answer is not None and answer.strip().lower() in ("y", "yes", "j", "ja")

    def _saves(self) -> bool:
        try:
            text = self._settled(self._text)
            if text is None:
                return False
            self._lines = text.split("\n")
            self._saving(text)
        except (VaultError, Refused, OSError, MemoryError) as error:
            self._host.tell(explain(error)[2])
            return False
        self._draft.drop()
        return True

    def _settled(self, text: str) -> str | None:
        """The text as the guard lets it pass; None to go on writing."""
        from cli.guarding import OFF
        from cli.shell.linesguard import settled

        policy = self._host.vault.guard_policy
        return text if policy == OFF else settled(self._host, text, policy)

    def _seals(self, stopped: Stopped) -> bool:
        """Whether the program may end: the text is sealed, or nothing can keep it from ending."""
        if not self._unsaved():
            return True
        try:
            self._draft.seal(self._text)
        except (VaultError, OSError, MemoryError) as error:
            self._host.tell(_("Not locked: your text can't be sealed. {why}").format(why=explain(error)[2]))
            return stopped.code != LOCKED
        return True
