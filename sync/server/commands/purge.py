"""`purge`: what the server also does by itself once a day."""

import argparse

from sync.server import calendar
from sync.server.context import Context, answer, document
from sync.server.messages import _


def arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(context: Context, _arguments: argparse.Namespace) -> int:
    """Destroys shares of months that have ended; drops what is past its day, and dormant accounts."""
    from sync.server import database, settings

    chosen = settings.read(context.folder)
    today = context.today()
    storage = database.opened(context.folder, chosen.database)
    try:
        gone = storage.purge(
            month=calendar.month_of(today), day=calendar.day_of(today), dormant_months=chosen.dormant_months
        )
    finally:
        storage.close()
    if context.json:
        document({"accounts": gone})
    else:
        answer(_("Done. Dormant accounts that went: {gone}.").format(gone=gone))
    return 0
