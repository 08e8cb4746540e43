"""P16: fail closed with a typed error and no oracle: what only somebody without the secret can run into is one error,
and no error holds text, key, passphrase, date or handle.

Seen to fail: the wrap's first bytes in WrongSecret; the database's size looked at before the secret; a text in
NoteTooLong; `from None` at a UnicodeEncodeError or UnicodeDecodeError, whose `__context__` still held the text or the
passphrase (the core did this until these tests; it raises outside the `except` now).
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.disclosure import chain, disclosed
from tests.support.holder import Holder
from tests.support.vaults import CANARY, Place, enrolled, slots_of
from vault import errors, limits
from vault.crypto import aead
from vault.formats import header as header_format
from vault.formats import settings as settings_format
from vault.formats.reader import FormatError
from vault.handles import spell
from vault.ledger import living
from vault.months import Period
from vault.service import Vault, notes

WRONG = "een verkeerde wachtzin"


def flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def outcome(place: Place, secret: str) -> tuple[type, str, tuple[object, ...]]:
    """Everything that an onlooker gets to see of a refusal."""
    with pytest.raises(errors.VaultError) as raised:
        place.open(secret)
    return raised.type, str(raised.value), raised.value.args


def test_a_wrong_secret_and_a_tampered_wrap_are_one_error(place: Place) -> None:
    place.create().close()
    header = place.read_header()
    seen = {outcome(place, WRONG), outcome(place, "45678-9ABCD-EFGHJ-KMNPQ-RSTVW-XYZN4")}
    assert place.code[0] != "4" or len(seen) == 1
    # every byte of every wrap, and the salt, with the checksum put right
    for at in range(header_format.WRAP_BYTES):
        methods = tuple(method._replace(wrap=flipped(method.wrap, at)) for method in header.methods)
        place.header.write_bytes(header_format.encode(header._replace(methods=methods)))
        seen |= {outcome(place, place.passphrase), outcome(place, place.code)}
    for at in range(16):
        methods = tuple(method._replace(salt=flipped(method.salt, at)) for method in header.methods)
        place.header.write_bytes(header_format.encode(header._replace(methods=methods)))
        seen |= {outcome(place, place.passphrase), outcome(place, WRONG)}
    assert seen == {(errors.WrongSecret, "", ())}


def test_without_the_secret_the_database_and_the_anchor_are_not_even_looked_at(place: Place) -> None:
    with place.create() as vault:
        vault.add("een notitie")
    expected = outcome(place, WRONG)
    whole = place.snapshot()
    for name in whole:
        if name != "data/header":
            place.restore({**whole, name: b"iets anders"})
            assert outcome(place, WRONG) == expected


@pytest.mark.parametrize("secret", ["", " ", "x", "x" * 5000, "half\ud800", "0" * 30, "\0", "é" * 2049])
def test_no_secret_is_refused_in_a_way_of_its_own(place: Place, secret: str) -> None:
    place.create().close()
    # not handed to `open`, which would take the right one for an empty one
    place.passphrase = secret
    with pytest.raises(errors.WrongSecret) as raised:
        place.open()
    assert raised.value.args == ()


def test_a_box_is_refused_in_one_way(place: Place) -> None:
    key, vault_id = bytes(32), bytes(16)
    box = aead.seal(key, vault_id, b"S", 3, b"tekst")
    cases: list[Callable[[], bytes]] = [
        lambda: aead.open_box(bytes([1]) * 32, vault_id, b"S", 3, box),
        lambda: aead.open_box(key, bytes([1]) * 16, b"S", 3, box),
        lambda: aead.open_box(key, vault_id, b"P", 3, box),
        lambda: aead.open_box(key, vault_id, b"S", 4, box),
        lambda: aead.open_box(key, vault_id, b"S", 3, box[:-1]),
        lambda: aead.open_box(key, vault_id, b"S", 3, box + b"\0"),
        lambda: aead.open_box(key, vault_id, b"S", 3, b""),
        *[lambda at=at: aead.open_box(key, vault_id, b"S", 3, flipped(box, at)) for at in range(len(box))],
    ]
    for case in cases:
        with pytest.raises(aead.BoxRefused) as raised:
            case()
        assert (str(raised.value), raised.value.args) == ("", ())


# -- what errors hold --------------------------------------------------------------------------------------------------


def secrets_of(place: Place, vault: Vault) -> list[bytes]:
    """Everything that no error may hold, in the forms in which it could hang on one."""
    state = vault._state
    keys = [state.static, state.epoch_key, state.settings.inbox, *state.settings.stretched.values()]
    keys += [entry.key for _, entry in living(state.ledger)]
    keys += [secret for each in state.settings.safety.factors for secret in (each.base, each.secret)]
    if enrolment := state.settings.enrolled:
        keys += [enrolment.account, enrolment.signing, enrolment.receive, *(each.key for each in enrolment.devices)]
    words = [CANARY, place.passphrase, place.code, place.code.replace("-", ""), "2026-11", "2026, 11"]
    words += vault.handles()
    return (
        [word.encode() for word in words]
        + keys
        + [key.hex().encode() for key in keys]
        + [repr(key).encode() for key in keys]
    )


def failures(place: Place, vault: Vault, handle: str) -> Iterator[Callable[[], object]]:
    """Every way to make an open vault say no."""
    absent = next(spell(number) for number in range(1000) if spell(number) not in vault.handles())
    yield lambda: vault.add("")
    yield lambda: vault.add(CANARY + "\0")
    yield lambda: vault.add(CANARY + "\ud800")
    yield lambda: vault.add_many(["goed", CANARY + "\udfff"])
    yield lambda: vault.edit(handle, CANARY + "\ud800")
    yield lambda: vault.seal_draft(CANARY + "\ud800")
    yield lambda: vault.add(CANARY * 60_000)
    yield lambda: vault.show(absent)
    yield lambda: vault.show(CANARY)
    yield lambda: vault.shred([handle, absent])
    yield lambda: vault.add(CANARY, Period(1, "d"))
    yield lambda: vault.add(CANARY, Period(11, "y"))
    yield lambda: vault.keep(handle, Period(10, "y"))
    yield lambda: vault.change_passphrase("kort")
    yield lambda: vault.change_passphrase(place.passphrase + "\ud800")
    yield lambda: vault.change_passphrase(place.passphrase * 400)
    yield lambda: vault.remove_factor(CANARY)
    yield lambda: vault.add_factor("keyfile", Holder(place.folder / CANARY / CANARY))
    yield lambda: vault.add_factor("keyfile", Holder(place.data / CANARY))
    yield lambda: vault.add_factor("keyfile", Holder(place.header.with_name(CANARY)))
    yield place.open
    yield place.create


def test_no_error_of_an_open_vault_holds_anything(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        handle = vault.add(CANARY).handle
        unspeakable = secrets_of(place, vault)
        for number, failure in enumerate(failures(place, vault, handle)):
            with pytest.raises(errors.VaultError) as raised:
                failure()
            said = disclosed(raised.value)
            assert not [word for word in unspeakable if word in said], number
        place.to_month(400)
        with pytest.raises(errors.ClockUnsure) as unsure:
            vault.add(CANARY)
        assert unsure.value.args == (400 - 322,)


def test_no_error_of_a_damaged_vault_holds_anything(place: Place) -> None:
    with place.create() as vault:
        handle = vault.add(f"x{CANARY}").handle
        (slot,) = slots_of(vault, handle)
        unspeakable = secrets_of(place, vault)
        state = vault._state
        # sealed by somebody who has every key, and not a text
        payload = bytearray(
            aead.open_box(state.ledger.entry(slot).key, state.vault_id, b"S", slot, state.store.read_slot(slot))
        )
        payload[55] = 0xFF
        forged = aead.seal(state.ledger.entry(slot).key, state.vault_id, b"S", slot, bytes(payload))
        with state.store.transaction() as change:
            change.put_slot(slot, forged)
        for look in (lambda: vault.show(handle), lambda: [note.text for note in vault.notes()]):
            with pytest.raises(errors.SlotTampered) as raised:
                look()
            assert not [word for word in unspeakable if word in disclosed(raised.value)]
    whole = place.snapshot()
    for name, raw in whole.items():
        for broken in (b"", raw[: len(raw) // 2], flipped(raw, 20) if len(raw) > 20 else b"x"):
            place.restore({**whole, name: broken})
            try:
                place.open().close()
            except errors.VaultError as error:
                said = disclosed(error)
                assert not [word for word in unspeakable if word in said], name


def test_settings_that_do_not_parse_give_nothing_away(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault, url="https://kanarievogel.nl")
        vault.allow_words(["kanarievogel"])
        vault.open_engagement("kanarievogel")
        good = b"".join(settings_format.encode(vault._state.settings))
        unspeakable = [*secrets_of(place, vault), b"kanarievogel", vault._state.settings.rights.engagements[0].key]
    refused = 0
    for at in (*range(len(good.rstrip(b"\0")) + 50), len(good) - 1):
        try:
            settings_format.decode([good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :]])
        except FormatError as error:
            refused += 1
            said = disclosed(error)
            assert not [word for word in unspeakable if word in said]
    assert refused > 50


def test_disclosure_is_found_where_it_hides() -> None:
    # the helper itself: each of these hid a text from a look at str() and args
    def encode() -> None:
        try:
            (CANARY + "\ud800").encode()
        except UnicodeEncodeError:
            raise errors.NoteNotText from None

    def parse() -> None:
        try:
            json.loads(CANARY)
        except ValueError as error:
            raise FormatError("settings") from error

    for hidden in (encode, parse):
        with pytest.raises((errors.NoteNotText, FormatError)) as raised:
            hidden()
        assert CANARY.encode() not in str(raised.value).encode()
        assert CANARY.encode() in disclosed(raised.value)
        assert len(list(chain(raised.value))) >= 2


def test_every_error_of_the_core_is_a_vault_error_with_fixed_words() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) > 25
    for kind in kinds:
        assert issubclass(kind, errors.VaultError)
    takes = [kind for kind in kinds if kind.__init__ is not errors.VaultError.__init__]
    # a number of months or words, flags of the disk, the name of an extra, the place of a word: never a word itself;
    # which kinds of factors the header names, one of a few reasons (TPM_REASONS among them), how many PINs are left
    assert {kind.__name__ for kind in takes} == {
        "ClaimLength", "ClockUnsure", "ExportNeeds", "FactorNeeded", "PlaceFailed", "SecurityKeyFailed",
        "StorageFailed", "TargetFailed", "TpmUnreachable", "WordNotUnderstood", "WrongSecret",
    }  # fmt: skip


def test_a_note_that_nobody_may_see_is_no_different_from_one_that_is_not(place: Place) -> None:
    with place.create(keep="2m") as vault:
        handle = vault.add(CANARY).handle
        place.to_month(322 + 3)
        looks: list[Callable[[], object]] = [
            lambda: vault.show(handle),
            lambda: vault.show(handle[:3]),
            lambda: vault.edit(handle, "x"),
            lambda: vault.keep_preview(handle, Period(3, "m")),
            lambda: vault.shred([handle]),
            lambda: vault.seal_draft("x", of=handle),
        ]
        for look in looks:
            with pytest.raises(errors.NoteNotFound) as raised:
                look()
            assert raised.value.args == ()
        assert vault.due() == 1
    assert limits.JUMP_MONTHS < 3


def test_a_text_is_checked_before_anything_is_written(place: Place) -> None:
    assert notes.checked("tekst") == "tekst"
    with place.create() as vault:
        before = place.snapshot()
        for text in ("", " \n\t ", "nul\0", "half\ud800", "x" * (limits.NOTE_BYTES + 1)):
            for write in (vault.add, vault.seal_draft):
                with pytest.raises((errors.NoteEmpty, errors.NoteNotText, errors.NoteTooLong)):
                    write(text)
        assert place.snapshot() == before


def test_no_error_of_opening_with_a_second_factor_holds_anything_of_it(place: Place, tmp_path: Path) -> None:
    """Nor does it say which of passphrase and factor is wrong."""
    (tmp_path / "stick").mkdir()
    holder = Holder(tmp_path / "stick" / "sleutel")
    (tmp_path / "stick" / CANARY).write_bytes(bytes(32))
    with place.create() as vault:
        vault.add_factor("keyfile", holder)
        unspeakable = [*secrets_of(place, vault), str(tmp_path).encode()]
    told = set()
    for secret, file in ((place.passphrase, CANARY), ("een andere wachtzin", "sleutel"), (place.passphrase, "weg")):
        place.person = Holder(tmp_path / "stick" / file)
        with pytest.raises((errors.WrongSecret, errors.KeyFileMissing)) as raised:
            place.open(secret)
        said = disclosed(raised.value)
        assert not [word for word in unspeakable if word in said]
        told.add(repr(raised.value))
    assert told == {"WrongSecret()", "KeyFileMissing()"}
