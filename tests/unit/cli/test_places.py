"""Where the vault lives: the option, then the environment, then the platform's folder."""

import os

import pytest

from cli.places import anchors_folder, data_folder

HOME = {"HOME": "/thuis"}


@pytest.mark.parametrize(
    ("environ", "chosen", "platform", "folder"),
    [
        (HOME, None, "linux", "/thuis/.local/share/ongemerkt"),
        ({**HOME, "XDG_DATA_HOME": "/x"}, None, "linux", "/x/ongemerkt"),
        ({**HOME, "XDG_DATA_HOME": "betrekkelijk"}, None, "linux", "/thuis/.local/share/ongemerkt"),
        ({**HOME, "ONGEMERKT_VAULT": "/kluis"}, None, "linux", "/kluis"),
        ({**HOME, "ONGEMERKT_VAULT": ""}, None, "linux", "/thuis/.local/share/ongemerkt"),
        ({**HOME, "ONGEMERKT_VAULT": "/kluis"}, "/ander", "linux", "/ander"),
        (HOME, None, "darwin", "/thuis/Library/Application Support/ongemerkt"),
    ],
)
def test_the_vaults_folder(environ: dict[str, str], chosen: str | None, platform: str, folder: str) -> None:
    assert data_folder(environ, chosen, platform) == folder


def test_a_relative_folder_is_made_whole() -> None:
    assert data_folder(HOME, "kluis") == os.path.abspath("kluis")


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_anchors_never_live_inside_the_vaults_folder(platform: str) -> None:
    data, anchors = data_folder(HOME, None, platform), anchors_folder(HOME, platform)
    assert not anchors.startswith(data + os.sep)
    assert anchors != data
