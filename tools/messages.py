"""Message catalogues: takes the words in cli/, and those of argparse, into the Dutch catalogue and compiles it.

    python tools/messages.py           brings everything up to date
    python tools/messages.py --check   only says what is behind

Words in the source are English; the compiled .mo is committed, so that users need no Babel. The same source gives the
same bytes: no time and no version stands in the files.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SOURCES = ("cli", "tools")
LOCALES = ("nl",)
DOMAIN = "ongemerkt"
FOLDER = ROOT / "cli" / "locale"

_KEYWORDS = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
}
_HEADER = "# Messages of ongemerkt. Made by `make messages`; only the translations are written by hand."


class Undated(Catalog):
    """A catalogue whose header holds what gettext needs, and no time, person or version."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's lines."""
        headers = [("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8")]
        headers.append(("Content-Transfer-Encoding", "8bit"))
        if self.locale is not None:
            headers += [("Language", str(self.locale)), ("Plural-Forms", self.plural_forms)]
        return headers


def template() -> Catalog:
    """Every message in the source."""
    catalog = Undated(domain=DOMAIN, charset="utf-8", header_comment=_HEADER, fuzzy=False)
    for source in SOURCES:
        found = extract_from_dir(
            ROOT / source, method_map=[("**.py", "python")], keywords=_KEYWORDS, comment_tags=("L10N:",)
        )
        for path, _, message, comments, context in found:
            catalog.add(message, locations=[(f"{source}/{path}", 0)], auto_comments=comments, context=context)
    return catalog


def translated(locale: str, source: Catalog) -> Catalog:
    """The catalogue of `locale` with exactly the messages of `source`; new ones are empty, gone ones are dropped."""
    path = _path(locale, "po")
    known = Catalog(locale=locale)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=locale)
    catalog = Undated(locale=locale, domain=DOMAIN, charset="utf-8", header_comment=_HEADER, fuzzy=False)
    for message in source:
        if message.id:
            old = known.get(_first(message), message.context)
            catalog.add(
                message.id,
                old.string if old and bool(old.pluralizable) == bool(message.pluralizable) else "",
                locations=message.locations,
                flags=message.flags | (old.flags & {"fuzzy"} if old else set()),
                auto_comments=message.auto_comments,
                user_comments=old.user_comments if old else (),
                context=message.context,
            )
    return catalog


def wanted() -> Iterator[tuple[Path, bytes]]:
    """Every file as it should be."""
    source = template()
    yield FOLDER / f"{DOMAIN}.pot", _po(source)
    for locale in LOCALES:
        catalog = translated(locale, source)
        yield _path(locale, "po"), _po(catalog)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        yield _path(locale, "mo"), compiled.getvalue()


def stale() -> list[str]:
    """The files that `make messages` would change."""
    return [
        path.relative_to(ROOT).as_posix()
        for path, content in wanted()
        if not path.exists() or path.read_bytes() != content
    ]


def untranslated(locale: str) -> list[str]:
    """The messages that have no translation yet, or one that needs another look."""
    return [_first(message) for message in translated(locale, template()) if message.id and not _done(message)]


def _done(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return not message.fuzzy and all(strings)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _path(locale: str, kind: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.{kind}"


def _po(catalog: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(written, catalog, sort_output=True, include_lineno=False, width=110)
    return written.getvalue()


def main(arguments: list[str]) -> int:
    behind = stale()
    if arguments == ["--check"]:
        print(*behind, sep="\n", end="\n" if behind else "")
        return 1 if behind else 0
    for path, content in wanted():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for locale in LOCALES:
        for message in untranslated(locale):
            print(f"{locale}: no translation yet: {message!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
