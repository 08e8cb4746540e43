"""Adding, refreshing and removing a recovery stick, killed or on a disk that fails, at any step (P10, places 3).

Whatever happens, the vault has its notes, the stick opens as it was or as it was to be, the settings never say more
than the stick holds, and doing it once more completes it. The shim strikes the vault and the stick alike.

Seen to fail when: the vault's own commit comes before the stick is written and read back; the stick's commit keeps its
epoch; the stick's header is destroyed before its anchor.
"""

from pathlib import Path

import pytest

from tests.support.faults import scene
from tests.support.stickfaults import STICK_SCENES


@pytest.mark.parametrize("name", STICK_SCENES)
def test_killed_or_failing_at_any_step_vault_and_stick_are_old_or_new_and_once_more_completes(
    shim: Path, folder: Path, name: str
) -> None:
    scene(shim, folder, name)
