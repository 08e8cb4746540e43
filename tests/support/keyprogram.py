"""`python -m tests.support.keyprogram <when|-> args…`: as tests.support.program, on a machine with a security key.

The key in software stands in the place of the devices that the system lists; SOFT_KEY in the environment says what it
is: a seed in hexadecimal, then its PIN, "unplugged", "untouched" or "gone" (while it is asked), divided by blanks. It
is the same key in every process with the same seed.
"""

import os
import sys

from fido2.ctap import CtapError

from tests.support import program
from tests.support.authenticator import SoftKey
from vault.factor import fido2


def plugged_in() -> list[SoftKey]:
    """The security keys of this machine."""
    seed, *words = os.environ["SOFT_KEY"].split()
    if "unplugged" in words:
        return []
    key = SoftKey(seed=bytes.fromhex(seed), pin=next((word for word in words if word.isdigit()), "")).again()
    if "untouched" in words:
        key.touch = lambda _: CtapError.ERR.USER_ACTION_TIMEOUT
    if "gone" in words:
        key.touch = lambda _: _unplugged()
    return [key]


def _unplugged() -> int:
    raise OSError


if __name__ == "__main__":
    fido2.plugged_in = plugged_in
    sys.exit(program.run(sys.argv[1:]))
