"""The list of devices as this device writes it next (docs/spec/sync-protocol.md sections 4.2, 6.6 and 7)."""

from vault import errors, limits
from vault.crypto import wire
from vault.formats import synchead
from vault.formats.devices import DeviceEntry
from vault.formats.enrolled import ACTIVE, AWAY, PAPER, REVOKED, USED
from vault.service.mirror import Mirror
from vault.service.session import AWAY_MONTHS, Session


def next_list(session: Session, server: Mirror | None, version: int, now: int, receive: bytes) -> list[DeviceEntry]:
    """The list that the head `version` holds. `receive`: our receive key from now on.

    Raises DevicesTooMany, DeviceUnknown.
    """
    own, seed = session.own_key()[0], session.enrolled.signing
    enrolled, account = session.enrolled, session.account
    if server is None:
        certificate = wire.certify(seed, account, enrolled.index, own)
        name = enrolled.devices[0].name if enrolled.devices else ""
        listed = [DeviceEntry(enrolled.index, ACTIVE, own, receive, version, now, session.device_id, certificate, name)]
    else:
        active = [each for each in server.devices if each.awaited]
        least = min((each.version for each in active), default=0)
        listed = [each for each in server.devices if each.state == ACTIVE or each.version > least]
        listed = [_own(each, enrolled.index, receive, version, now) for each in listed]
    # a clock here that runs ahead takes nobody out: the server's month has to say so too
    listed = [_away(each, session, version, min(now, session.month)) for each in listed]
    change = session.change
    if change.removing:
        listed = [_removed(each, session, version, change.removing) for each in listed]
    if server is not None and _left(server, listed):
        # whoever left knows the recovery device's receive key, which can't change: a head could be made up for it
        listed = [
            _gone(each, REVOKED, session, version) if _is_paper(each, enrolled.index) else each for each in listed
        ]
    if change.adding is not None and all(each.key != change.adding.signing_key for each in listed):
        listed.append(_added(session, listed, now))
    listed = _certified(listed, session, own)
    return sorted(listed, key=lambda each: each.index)


def _certified(listed: list[DeviceEntry], session: Session, own: bytes) -> list[DeviceEntry]:
    """Active devices whose adder is listed no more get a certificate of ours.

    Not before: who has not synced since knows the adder, and by it the others.
    """
    there = {synchead.device_id(each.key) for each in listed}
    return [
        each
        if each.state != ACTIVE or each.adder in there
        else each._replace(
            adder=synchead.device_id(own),
            certificate=wire.certify(session.enrolled.signing, session.account, each.index, each.key),
        )
        for each in listed
    ]


def _own(each: DeviceEntry, index: int, receive: bytes, version: int, now: int) -> DeviceEntry:
    if each.index != index:
        return each
    # from its first head on the recovery device is a device like others, which wait for it
    name = USED if each.name == PAPER else each.name
    return each._replace(receive=receive, version=version, month=now, name=name)


def _left(server: Mirror, listed: list[DeviceEntry]) -> bool:
    """Whether a device that was active is no more."""
    active = {each.key for each in server.devices if each.state == ACTIVE}
    return bool(active - {each.key for each in listed if each.state == ACTIVE})


def _is_paper(each: DeviceEntry, own: int) -> bool:
    return each.state == ACTIVE and each.name == PAPER and each.index != own


def _away(each: DeviceEntry, session: Session, version: int, now: int) -> DeviceEntry:
    if not each.awaited or now - each.month <= AWAY_MONTHS:
        return each
    return _gone(each, AWAY, session, version)


def _removed(each: DeviceEntry, session: Session, version: int, removing: bytes) -> DeviceEntry:
    if synchead.device_id(each.key) != removing or each.state == REVOKED:
        return each
    return _gone(each, REVOKED, session, version)


def _gone(each: DeviceEntry, state: int, session: Session, version: int) -> DeviceEntry:
    removal = wire.sign_removal(session.enrolled.signing, session.account, state, synchead.device_id(each.key))
    # from here on the version says which head took it out, so that it can be forgotten when all have seen that
    return each._replace(state=state, version=version, remover=session.device_id, removal=removal)


def _added(session: Session, listed: list[DeviceEntry], now: int) -> DeviceEntry:
    adding = session.change.adding
    assert adding is not None
    taken = {each.index for each in listed}
    index = next((at for at in range(limits.DEVICES) if at not in taken), None)
    if index is None:
        raise errors.DevicesTooMany
    certificate = wire.certify(session.enrolled.signing, session.account, index, adding.signing_key)
    return DeviceEntry(
        index, ACTIVE, adding.signing_key, adding.receive_key, 0, now, session.device_id, certificate, adding.name
    )
