"""Argon2id that costs next to nothing, for tests only. The product has no way to reach it."""

from vault.crypto import stretch
from vault.formats.header import Cost

CHEAP = Cost(64, 1, 1)
REAL = stretch.POLICY
"""The product's own policy, for tests about it."""


def install() -> None:
    """Replaces the policy for the rest of this process: every preset is cheap, and nothing cheaper or dearer passes."""
    stretch.POLICY = stretch.Policy(
        presets={"fast": CHEAP, "normal": CHEAP._replace(m_kib=128), "high": CHEAP._replace(m_kib=256)},
        floor_m_kib=CHEAP.m_kib,
        ceiling_m_kib=1024,
        floor_t=1,
        ceiling_t=4,
        ceiling_p=1,
    )
