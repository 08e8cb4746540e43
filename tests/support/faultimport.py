"""For the fault tests: an import whose sources are removed when the notes are in the vault."""

import os
from collections import Counter
from pathlib import Path

from cli import removing
from cli.importers.gather import gather
from tests.support.faultbench import Bench, Operation, Seen, demand
from vault.service import Vault

SOURCES = {f"bron {number}.txt": f"Ingelezen notitie {number}. " * 40 for number in range(3)}


class ImportAndRemove(Operation):
    """Notes from files into the vault, read back, and then the files overwritten and removed."""

    def begin(self, bench: Bench) -> Vault | None:
        folder = bench.work / "sources"
        folder.mkdir(exist_ok=True)
        for name, text in SOURCES.items():
            (folder / name).write_text(text)
        return super().begin(bench)

    def change(self, bench: Bench, vault: Vault) -> None:
        found = gather([str(bench.work / "sources")], "txt", "[x]", lambda _done, _total: None)
        handles = vault.add_many(found.texts)
        back = {note.handle: note.text for note in vault.find_readable([], among=handles).notes}
        demand(back == dict(zip(handles, found.texts, strict=True)), "read back otherwise")
        removing.remove_all(found.sources, lambda _done, _total: None)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        wanted = Counter(text.rstrip() for text in SOURCES.values())
        return found.notes > old.notes and Counter(text for _, text, _ in found.notes - old.notes) == wanted

    def aftermath(self, bench: Bench, folder: Path, passphrase: str, new: bool) -> None:
        for name, text in SOURCES.items():
            path = folder / "sources" / name
            whole = os.path.exists(path) and path.read_bytes() == text.encode()
            demand(new or whole, "a source is gone, and its note is not in the vault")
