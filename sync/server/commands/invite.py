"""`invite`: one invitation code. The server keeps no more of it than a hash, and that only until it is used or past."""

import argparse
import hashlib
import re
import secrets
from datetime import timedelta
from pathlib import Path

from sync import codes, protocol
from sync.server import calendar, failures
from sync.server.context import Context, answer, document, tell
from sync.server.messages import _

_DAYS = re.compile(r"([1-9][0-9]{0,2})d")
_USES_MOST = 100


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("--uses", type=int, default=1, help=_("how many accounts it may make"))
    parser.add_argument("--expires", default=f"{protocol.INVITE_DAYS}d", help=_("how many days it holds, such as 7d"))
    parser.add_argument("--pin-cert", default="", metavar="FILE", help=_("behind a proxy: the proxy's certificate"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Draws the secret, keeps its hash, prints the code once."""
    from sync.server import database, settings

    chosen = settings.read(context.folder)
    days = _DAYS.fullmatch(arguments.expires)
    if days is None or not 1 <= arguments.uses <= _USES_MOST:
        sentence = _("An invitation is for 1 to {most} accounts and holds 1d to 999d.").format(most=_USES_MOST)
        raise failures.Refused(failures.USAGE, "Usage", sentence)
    pin = settings.pin_of_file(Path(arguments.pin_cert)) if arguments.pin_cert else settings.pin(context.folder, chosen)
    secret = secrets.token_bytes(protocol.SECRET)
    last_day = context.today() + timedelta(days=int(days[1]))
    storage = database.opened(context.folder, chosen.database)
    try:
        storage.invite(hashlib.sha256(secret).digest(), arguments.uses, calendar.day_of(last_day))
    finally:
        storage.close()
    code = codes.encode_code(codes.Invitation(secret, pin[: codes.PIN]))
    if context.json:
        document({"code": code})
    else:
        answer(code)
        where = chosen.url or "https://…"
        tell(_("For the coach: ongemerkt sync enrol {where} --invite CODE").format(where=where))
    return 0
