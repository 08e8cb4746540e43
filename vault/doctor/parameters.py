"""What the header says in the clear: that it is whole, and how much work a guess at the passphrase costs."""

from vault import errors
from vault.crypto import stretch
from vault.doctor.contract import SERIOUS, VAULT, WARNING, Detector, Finding, clear, found
from vault.doctor.machine import Machine
from vault.formats.header import PASSPHRASE, Cost

HEADER, ID = "header", "parameters"


def look(machine: Machine) -> list[Finding]:
    """Whether the header is damaged or asks for what is never used, and whether a guess costs less than usual."""
    try:
        costs = [(method.kind, method.cost) for header in machine.headers() for method in header.methods]
        for _kind, cost in costs:
            stretch.check_cost(cost)
    except errors.VersionUnknown:
        return []
    except (errors.HeaderDamaged, errors.ParametersRefused):
        return [found(HEADER, SERIOUS)]
    # the recovery code needs no stretching: it is drawn at random, and long
    weak = any(kind == PASSPHRASE and _is_weaker(cost) for kind, cost in costs)
    return [clear(HEADER, SERIOUS), found(ID, WARNING) if weak else clear(ID, WARNING)]


def _is_weaker(cost: Cost) -> bool:
    normal = stretch.POLICY.presets["normal"]
    return cost.m_kib * cost.t < normal.m_kib * normal.t


DETECTOR = Detector({HEADER: SERIOUS, ID: WARNING}, VAULT, look)
