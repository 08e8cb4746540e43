"""Reading ahead in a thread of its own."""

from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Thread
from typing import Any

_DEPTH = 32
"""Rows read ahead at most, about 2 MiB."""
_END = object()


class ReadAhead:
    """The items of `source`, taken in another thread. Nobody else may use what `source` draws on until `close`."""

    def __init__(self, source: Iterable[Any]) -> None:
        """Starts reading."""
        self._source = source
        self._items: Queue[Any] = Queue(_DEPTH)
        self._failure: Exception | None = None
        self._stopped = False
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for item in self._source:
                self._put(item)
                if self._stopped:
                    break
        except Exception as error:  # noqa: BLE001 (raised again in the thread that reads)
            self._failure = error
        self._put(_END)

    def _put(self, item: object) -> None:
        while not self._stopped:
            try:
                self._items.put(item, timeout=1)
            except Full:
                continue
            return

    def __iter__(self) -> Iterator[Any]:
        """The items; raises what the source raised."""
        while (item := self._items.get()) is not _END:
            yield item
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """Stops reading and waits until the thread has let go of the source."""
        self._stopped = True
        while not self._items.empty():
            self._items.get_nowait()
        self._thread.join()
