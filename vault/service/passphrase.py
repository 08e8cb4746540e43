"""Changing the passphrase: at any moment exactly one of old and new opens (docs/spec/vault.md section 8.6)."""

from vault.crypto import stretch
from vault.formats.header import PASSPHRASE, Cost
from vault.service.factors import seconds, with_passphrase
from vault.service.headers import change_header
from vault.service.methods import checked_passphrase, new_base
from vault.service.paths import Paths
from vault.service.state import State


def change_passphrase(paths: Paths, state: State, new: str, cost_name: str | None) -> None:
    """Replaces the passphrase; the recovery kit stays as it is, and so do second factors, which need not be at hand.

    Raises PassphraseTooShort, MemoryRefused, StorageFailed (the old one still opens), ResidueLeft (the new one opens).
    """
    secret = checked_passphrase(new)
    old = [method.cost for method in state.header.methods if method.kind == PASSPHRASE]
    cost = stretch.POLICY.presets[cost_name] if cost_name else old[0]
    for each in old:
        cost = _not_lower(each, cost)
    header, settings = with_passphrase(state, new_base(secret, cost), seconds(state))
    change_header(paths, state, header, settings)


def _not_lower(old: Cost, wanted: Cost) -> Cost:
    # neither memory nor passes are ever lowered on re-wrap (property P12)
    return wanted if wanted.m_kib >= old.m_kib and wanted.t >= old.t else old
