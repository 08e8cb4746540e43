"""`status`: whether keys, certificate and database are in order, and how much it holds."""

import argparse

from sync.server import calendar
from sync.server.context import Context, answer, document
from sync.server.messages import _


def arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(context: Context, _arguments: argparse.Namespace) -> int:
    """Opens everything that `run` needs, and tells."""
    from sync.server import database, keys, settings

    chosen = settings.read(context.folder)
    keys.load_receipt_key(context.folder)
    storage = database.opened(context.folder, chosen.database)
    try:
        numbers = storage.numbers(month=calendar.month_of(context.today()))
    finally:
        storage.close()
    found = {
        "database": chosen.database.partition(":")[0],
        "url": chosen.url,
        "pin": settings.pin(context.folder, chosen).hex(),
        "certificate_until": "" if chosen.pin else settings.certificate_ends(context.folder, chosen).isoformat(),
        "accounts": sum(numbers.pools.values()),
        "devices": numbers.devices,
        "bytes": numbers.bytes_held,
    }
    if context.json:
        document(found)
        return 0
    for label, value in zip(_labels(), found.values(), strict=True):
        answer(f"{label}: {value or '-' if value != 0 else 0}")
    return 0


def _labels() -> tuple[str, ...]:
    return (
        _("database"),
        _("address"),
        _("pin of the key"),
        _("certificate until"),
        _("accounts"),
        _("devices"),
        _("bytes held"),
    )
