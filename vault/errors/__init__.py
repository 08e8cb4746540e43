"""Typed errors of the core. They carry facts, never words for the user: cli/ has the words and the exit codes.

No error holds note text, a key, a passphrase, a date or a handle (design.md, property P16 and lesson 25).
"""

from vault.errors.core import *  # noqa: F403 (one name for each error, whatever file it stands in)
from vault.errors.safety import *  # noqa: F403
from vault.errors.syncing import *  # noqa: F403
