"""Copies of every file of a vault, taken while it works: what an examiner of flash remnants may find."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.vaults import Place, Snapshot
from vault import files
from vault.store.sqlcipher import SqlcipherStore


class Camera:
    """Copies every file of a place at every step that is made durable, and inside every transaction."""

    def __init__(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        self.images: list[Snapshot] = []
        self._seen: dict[bytes, bytes] = {}
        self._place = place
        plain = SqlcipherStore.transaction

        @contextmanager
        def transaction(store: SqlcipherStore) -> Iterator[Any]:
            with plain(store) as change:
                yield change
                # not committed yet: the journal lies beside the database
                self.shoot()

        monkeypatch.setattr(SqlcipherStore, "transaction", transaction)
        for name in ("write_new", "write_at", "destroy", "rename", "remove"):
            monkeypatch.setattr(files, name, self._around(getattr(files, name)))

    def _around(self, step: Any) -> Any:
        def stepped(*arguments: Any, **named: Any) -> Any:
            self.shoot()
            result = step(*arguments, **named)
            self.shoot()
            return result

        return stepped

    def shoot(self) -> None:
        if not self._place.data.exists():
            return
        # most files are the same from one image to the next: each content is kept once
        image = {name: self._seen.setdefault(raw, raw) for name, raw in self._place.snapshot().items()}
        if not self.images or self.images[-1] != image:
            self.images.append(image)

    def of_data(self) -> list[Snapshot]:
        """What an examiner finds: every version of the data folder. Old anchors are gone."""
        return [{name: raw for name, raw in image.items() if name.startswith("data/")} for image in self.images]
