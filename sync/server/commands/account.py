"""`account`: the keeper sees accounts by their pseudonym only."""

import argparse
import re

from sync.server import calendar, failures, options
from sync.server.context import Context, answer, document
from sync.server.messages import _
from sync.server.storage.contract import AccountLine, Storage

_ID = re.compile(r"[0-9a-f]{32}")
_SIZE = re.compile(r"([1-9][0-9]{0,14})([KMGT]?)", re.IGNORECASE)
_UNITS = ("", "K", "M", "G", "T")
_SIZE_MOST = 1 << 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """`list`, `purge ID`, `quota ID SIZE`."""
    words = parser.add_subparsers(dest="action", required=True, metavar="list|purge|quota", parser_class=options.Parser)
    listing = words.add_parser("list", help=_("all accounts"))
    purge = words.add_parser("purge", help=_("forget one, with everything it holds"))
    quota = words.add_parser("quota", help=_("how many bytes it may hold"))
    for each in (purge, quota):
        each.add_argument("id", metavar="ID")
    quota.add_argument("size", metavar="SIZE", help=_("such as 500M or 2G"))
    parser.set_defaults(below=[listing, purge, quota])


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does one of the three."""
    from sync.server import database, settings

    account = _account(arguments.id) if arguments.action != "list" else b""
    size = _size(arguments.size) if arguments.action == "quota" else 0
    storage = database.opened(context.folder, settings.read(context.folder).database)
    try:
        return _done(context, storage, arguments.action, account, size)
    finally:
        storage.close()


def _done(context: Context, storage: Storage, action: str, account: bytes, size: int) -> int:
    if action == "list":
        _show(context, storage.accounts())
        return 0
    if action == "purge":
        storage.purge_account(account)
        sentence = _("The account is gone, with everything it held.")
    else:
        storage.set_quota(account, size)
        sentence = _("The account may hold {size} bytes.").format(size=size)
    if context.json:
        document({"account": account.hex(), **({"quota": size} if action == "quota" else {})})
    else:
        answer(sentence)
    return 0


def _show(context: Context, accounts: list[AccountLine]) -> None:
    if context.json:
        document({"accounts": [_as_json(one) for one in accounts]})
        return
    if not accounts:
        answer(_("No accounts yet."))
        return
    row = "{:32}  {:>7}  {:>8}  {:>9}  {:>15}"
    answer(row.format(_("account"), _("pool"), _("devices"), _("last seen"), _("quota")))
    for one in accounts:
        month = calendar.month_text(one.month)
        answer(row.format(one.account.hex(), one.pool, one.devices, month, one.quota))


def _as_json(one: AccountLine) -> dict[str, object]:
    month = calendar.month_text(one.month)
    return {"account": one.account.hex(), "pool": one.pool, "devices": one.devices, "month": month, "quota": one.quota}


def _account(text: str) -> bytes:
    if not _ID.fullmatch(text):
        raise failures.Refused(failures.NOT_FOUND, "Missing", _("An account's id is 32 letters and figures: see list."))
    return bytes.fromhex(text)


def _size(text: str) -> int:
    found = _SIZE.fullmatch(text)
    size = int(found[1]) << 10 * _UNITS.index(found[2].upper()) if found else 0
    if not 0 < size <= _SIZE_MOST:
        raise failures.Refused(failures.USAGE, "Usage", _("A size is a number, or one such as 500M or 2G."))
    return size
