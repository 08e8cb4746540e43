"""A coach's devices for tests: real vaults that sync with a real server through the production client."""

from collections.abc import Callable
from os import urandom
from pathlib import Path
from typing import Self

from cli import bypaper
from sync import codes
from sync.client import Session
from sync.country import Rule
from sync.engine import Effect
from sync.transport import Transport
from tests.support.vaults import DAY, PASSPHRASE, Place
from vault.crypto import wire
from vault.formats import offer as offer_format
from vault.months import month_of, parse_period
from vault.service import create_joined_vault
from vault.service.create import first_settings
from vault.service.joining import join_vault
from vault.service.session import NO_CHANGE, Change, Report
from vault.service.syncing import Server, joined_enrolled

NL = Rule.NL
YEAR = parse_period("1y")


class Coach:
    """One device: its vault, open, and its line to the server."""

    def __init__(self, place: Place, *, name: str = "laptop") -> None:
        """A new vault, or the one that is there."""
        self.place, self.name = place, name
        self.vault = place.open() if place.data.exists() else place.create()
        self._line: Transport | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Locks the vault and hangs up."""
        self.hang_up()
        self.vault.close()

    def hang_up(self) -> None:
        """Ends the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def reopen(self) -> None:
        """Locked and unlocked again."""
        self.close()
        self.vault = self.place.open()

    # -- the account

    def enrol(self, url: str, code: str) -> None:
        """Makes an account on the server with an invitation."""
        invitation = codes.decode_code(code)
        assert isinstance(invitation, codes.Invitation)
        identity = self.vault.new_identity()
        with_pin = Transport(
            url,
            invitation.pin,
            NL,
            wire_id(identity.signing_key),
            lambda data: sign_with(identity.seed, data),
            month_of(self.place.day),
        )
        receipt_key = with_pin.enrol(invitation.secret, identity.account, identity.signing_key)
        pin = with_pin.server_pin or b""
        with_pin.close()
        self.vault.enrol(identity, Server(url, pin, receipt_key, "nl"), self.name)

    @property
    def line(self) -> Transport:
        """The line to the server."""
        if self._line is None:
            server, session = self.vault.server(), self.vault.sync_session(shaped=False)
            self._line = Transport(
                server.url, server.pin, NL, session.device_id, session.sign, month_of(self.place.day)
            )
        return self._line

    def sync(
        self,
        *,
        shaped: bool = False,
        change: Change = NO_CHANGE,
        stop: Callable[[Effect], None] | None = None,
    ) -> Report:
        """One session."""
        session = self.vault.sync_session(shaped=shaped, change=change)
        try:
            report = Session(session, self.line).run(stop)
        finally:
            self.vault.end_session(session)
        assert isinstance(report, Report)
        return report

    # -- other devices

    def pairing_code(self, name: str) -> str:
        """Lets another device in."""
        new = self.vault.new_device(name)
        self.sync(change=Change(adding=new.adding))
        offer_id, box = self.vault.offer(new)
        self.line.add_device(new.adding.signing_key, offer_id, box)
        server = self.vault.server()
        return codes.encode_code(codes.Pairing(new.secret, server.pin[:16], server.url))

    def revoke(self, name: str) -> None:
        """Takes another device out."""
        device = self.vault.find_device(name)
        self.sync(change=Change(removing=device))

    # -- notes

    def add(self, text: str) -> str:
        """A note; its handle."""
        return self.vault.add(text, YEAR).handle

    def texts(self) -> list[str]:
        """All texts, in alphabetical order."""
        return sorted(note.text for note in self.vault.notes())


def joined(place: Place, code: str, *, name: str = "second") -> Coach:
    """A device that was let in; it has not synced yet."""
    pairing = codes.decode_code(code)
    assert isinstance(pairing, codes.Pairing)
    line = Transport(pairing.url, pairing.pin, NL, bytes(8), lambda _: bytes(64), month_of(place.day))
    offer = offer_format.decode(wire.open_offer(pairing.secret, line.take_offer(wire.offer_id(pairing.secret))))
    pin = line.server_pin or b""
    line.close()
    shared = first_settings(parse_period("6m"))
    vault, place.code = create_joined_vault(
        place.paths,
        PASSPHRASE,
        shared=shared,
        enrolled=joined_enrolled(offer, pairing.url, pin, name, shared),
        clock=place.clock,
        cost="fast",
    )
    vault.close()
    return Coach(place, name=name)


def wire_id(signing_key: bytes) -> bytes:
    """A device's id."""
    from vault.formats import synchead

    return synchead.device_id(signing_key)


def sign_with(seed: bytes, data: bytes) -> bytes:
    """A signature of a seed's key."""
    from vault import sodium

    return sodium.sign(data, sodium.signing_key(seed)[1])


def place_in(folder: Path) -> Place:
    """A place for a vault."""
    return Place(folder, DAY)


def with_paper(coach: Coach) -> codes.Paper:
    """Makes a recovery paper for the coach's account."""
    new = coach.vault.new_paper()
    coach.line.add_device(new.adding.signing_key, urandom(16), urandom(512))
    coach.sync(change=Change(adding=new.adding))
    server = coach.vault.server()
    paper = codes.decode_code(codes.encode_code(codes.Paper(new.secret, server.pin[:16], server.url)))
    assert isinstance(paper, codes.Paper)
    return paper


def by_paper(place: Place, paper: codes.Paper, *, name: str = "new") -> Coach:
    """A vault made with a recovery paper; it has not synced yet."""
    made = join_vault(
        place.paths, PASSPHRASE, bypaper.read(paper, "nl", month_of(place.day)), clock=place.clock, cost="fast"
    )
    vault, place.code = made
    vault.close()
    return Coach(place, name=name)


def take_own_keys(coach: Coach, name: str) -> None:
    """What the program does after the first session of a vault that came by paper."""
    new = coach.vault.new_device(name)
    coach.line.add_device(new.adding.signing_key, urandom(16), urandom(512))
    coach.sync(change=Change(adding=new.adding))
    old = coach.vault.take_keys(new)
    coach.hang_up()
    coach.sync(change=Change(removing=old))
