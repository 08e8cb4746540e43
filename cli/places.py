"""Where the vault and its anchor live on each platform. Pure: the environment comes in as a mapping."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = "ongemerkt"
KEY_FILE = "ONGEMERKT_KEY_FILE"
"""The environment's name for the key file: where it is, never what is in it."""


def data_folder(environ: Mapping[str, str], chosen: str | None, platform: str = sys.platform) -> str:
    """The vault's folder: the --vault option, ONGEMERKT_VAULT, or the platform's folder for a user's data."""
    wanted = chosen or environ.get("ONGEMERKT_VAULT")
    return os.path.abspath(wanted) if wanted else _folder(environ, "XDG_DATA_HOME", ".local/share", _NAME, platform)


def anchors_folder(environ: Mapping[str, str], platform: str = sys.platform) -> str:
    """The folder of the anchors: never inside the data folder, so that a copy of the one never holds the other."""
    return _folder(environ, "XDG_STATE_HOME", ".local/state", _NAME, platform, _NAME + "-anchors")


def config_folder(environ: Mapping[str, str]) -> str:
    """This user's folder for settings, where the system's own programs look for them."""
    base = environ.get("XDG_CONFIG_HOME", "")
    home = environ.get("HOME") or os.path.expanduser("~")
    return base if os.path.isabs(base) else os.path.join(home, ".config")


def key_file(environ: Mapping[str, str], chosen: str | None) -> str | None:
    """The key file: the --key-file option, or ONGEMERKT_KEY_FILE; None if neither says."""
    wanted = chosen or environ.get(KEY_FILE)
    return os.path.abspath(wanted) if wanted else None


def tpm(environ: Mapping[str, str]) -> str:
    """Where the TPM is, as tpm2-tss takes it: ONGEMERKT_TPM; empty for the platform's own."""
    return environ.get("ONGEMERKT_TPM", "")


def _folder(
    environ: Mapping[str, str], variable: str, fallback: str, name: str, platform: str, elsewhere: str = ""
) -> str:
    home = environ.get("HOME") or os.path.expanduser("~")
    base = environ.get(variable, "")
    # the XDG specification: a path that is not absolute is ignored
    if os.path.isabs(base):
        return os.path.join(base, name)
    if platform == "darwin":
        return os.path.join(home, "Library", "Application Support", elsewhere or name)
    if platform == "win32":
        return os.path.join(environ.get("LOCALAPPDATA") or home, elsewhere or name)
    return os.path.join(home, *fallback.split("/"), name)
