"""A security key as second factor: the product's code and python-fido2 against a key in software, honest or not."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from fido2.ctap import CtapError
from hypothesis import given
from hypothesis import strategies as st

from tests.support.authenticator import SoftKey
from tests.support.holder import Holder
from vault import errors, limits
from vault.factor import fido2
from vault.factor.contract import Made
from vault.formats.header import FIDO2, Cost, Method
from vault.service import AtHand

ERR = CtapError.ERR
MAKE, ASSERT, INFO, PIN = 0x01, 0x02, 0x04, 0x06


def plugged(*keys: SoftKey, pins: list[str] | None = None) -> Holder:
    holder = Holder(pins=pins)
    holder.keys = list(keys)
    return holder


def make(holder: Holder, known: list[bytes] | None = None) -> Made:
    return fido2.make(holder, known or [], holder.devices)


def secret(holder: Holder, *made: Made) -> bytes:
    """The one secret that comes back."""
    (found,) = fido2.secrets([each.described for each in made], holder, holder.devices).values()
    return found


def reason(call: Callable[[], object]) -> str:
    with pytest.raises(errors.SecurityKeyFailed) as caught:
        call()
    assert caught.value.reason in errors.SECURITY_KEY
    return caught.value.reason


# -- what works


@pytest.mark.parametrize("protocols", [(2, 1), (1,), (2,)])
@pytest.mark.parametrize("pin", ["", "1234"])
def test_the_same_key_gives_the_same_secret_and_is_touched_for_it(protocols: tuple[int, ...], pin: str) -> None:
    key = SoftKey(protocols=protocols, pin=pin)
    holder = plugged(key, pins=[pin])
    made = make(holder)
    assert key.touches == 2
    assert len(made.secret) == 32
    assert len(made.described) == 1 + 32 + 32
    assert holder.asked == ["pin"] * bool(pin) + ["touch", "touched"] * 2
    for _ in range(2):
        assert secret(holder, made) == made.secret
    assert key.touches == 4
    assert holder.asked.count("pin") == bool(pin), "unlocking asks for no PIN"
    assert key.closed


def test_every_credential_and_every_salt_has_a_secret_of_its_own() -> None:
    key = SoftKey()
    one, other = make(plugged(key)), make(plugged(key))
    told = fido2.Told.read(one.described)
    salted = Made(told._replace(salt=bytes(32)).written(), b"")
    assert len({one.secret, other.secret, secret(plugged(key), salted)}) == 3


@pytest.mark.parametrize("protocols", [(2, 1), (1,)])
def test_a_key_that_always_verifies_its_user_is_asked_so_each_time_and_the_header_says_it(
    protocols: tuple[int, ...],
) -> None:
    key = SoftKey(pin="geheim", protocols=protocols)
    key.always_verifies = True
    holder = plugged(key, pins=["geheim"] * 3)
    made = make(holder)
    assert fido2.Told.read(made.described).verified
    assert secret(holder, made) == made.secret
    assert holder.asked == ["pin", "touch", "touched"] * 3
    assert key.verified == 3


@pytest.mark.parametrize("tokens", [True, False])
def test_a_key_with_a_sensor_of_its_own_needs_no_pin(tokens: bool) -> None:
    key = SoftKey()
    key.always_verifies = key.has_sensor = True
    key.tokens = tokens
    holder = plugged(key)
    made = make(holder)
    assert secret(holder, made) == made.secret
    assert "pin" not in holder.asked


def test_a_key_that_is_exempt_makes_a_credential_without_its_pin() -> None:
    key = SoftKey(pin="1234")
    key.exempt = True
    holder = plugged(key)
    made = make(holder)
    assert secret(holder, made) == made.secret
    assert "pin" not in holder.asked


def test_a_key_that_insists_although_it_did_not_say_so_is_asked_with_its_pin() -> None:
    key = SoftKey(pin="1234")
    key.exempt = True
    plain = key._verify

    def insists(request: object, parameter: int, version: int, options: int, *, must: bool) -> bool:
        return plain(request, parameter, version, options, must=must or parameter == 8)

    key._verify = insists  # type: ignore[method-assign]
    holder = plugged(key, pins=["1234"])
    made = make(holder)
    assert holder.asked == ["touch", "touched", "pin", "touch", "touched", "touch", "touched"]
    assert secret(holder, made) == made.secret


def test_of_several_keys_the_one_that_belongs_to_the_vault_is_asked_and_no_other_blinks() -> None:
    keys = [SoftKey() for _ in range(3)]
    made = make(plugged(keys[1]))
    assert secret(plugged(*keys), made) == made.secret
    assert [key.touches for key in keys] == [0, 3, 0]
    # and a broken one beside it does not matter
    keys[0].before = lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "x"))
    assert secret(plugged(*keys), made) == made.secret


def test_a_vault_with_several_keys_takes_any_of_them() -> None:
    one, other = SoftKey(), SoftKey()
    made = [make(plugged(one)), make(plugged(other))]
    assert secret(plugged(one), *made) == made[0].secret
    assert secret(plugged(other), *made) == made[1].secret


# -- what does not, in a typed error


def test_no_key_another_key_and_a_key_that_was_reset_are_told_apart_from_silence() -> None:
    key = SoftKey()
    made = make(plugged(key))
    assert reason(lambda: secret(plugged(), made)) == "absent"
    other = SoftKey()
    assert reason(lambda: secret(plugged(other), made)) == "unknown"
    assert other.touches == 0
    key.credentials.clear()
    assert reason(lambda: secret(plugged(key), made)) == "unknown"


def test_adding_with_several_keys_plugged_in_asks_none_of_them() -> None:
    keys = SoftKey(), SoftKey()
    assert reason(lambda: make(plugged(*keys))) == "several"
    assert keys[0].touches == keys[1].touches == 0


def test_a_key_that_the_vault_has_already_is_told_without_a_touch() -> None:
    key = SoftKey()
    made = make(plugged(key))
    with pytest.raises(errors.FactorKnown):
        make(plugged(key), [made.described])
    assert key.touches == 2


@pytest.mark.parametrize("status", [ERR.USER_ACTION_TIMEOUT, ERR.ACTION_TIMEOUT, ERR.KEEPALIVE_CANCEL, ERR.TIMEOUT])
def test_nobody_touches(status: int) -> None:
    key = SoftKey()
    made = make(plugged(key))
    key.touch = lambda _: status
    holder = plugged(key)
    assert reason(lambda: secret(holder, made)) == "silent"
    assert holder.asked == ["touch", "touched"]


# Seen to hang (and time out) with `thread.join()` without seconds in `within`.
def test_a_key_that_waits_for_ever_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECURITY_KEY_TOUCH", 0.05)
    key = SoftKey()
    made = make(plugged(key))
    stopped: list[bool] = []

    def waits(event: Event | None) -> int:
        assert event is not None
        stopped.append(event.wait(20))
        return int(ERR.KEEPALIVE_CANCEL)

    key.touch = waits
    assert reason(lambda: secret(plugged(key), made)) == "silent"
    assert stopped == [True]


@pytest.mark.parametrize("command", [INFO, ASSERT, PIN])
def test_a_key_that_never_answers_is_left_alone(monkeypatch: pytest.MonkeyPatch, command: int) -> None:
    for name in ("SECURITY_KEY_TOUCH", "SECURITY_KEY_ANSWER", "SECURITY_KEY_STOP"):
        monkeypatch.setattr(limits, name, 0.05)
    key = SoftKey()
    made = make(plugged(key))
    never = Event()

    def waits(asked: int) -> None:
        if asked == command:
            never.wait(20)

    key.before = waits
    assert reason(lambda: secret(plugged(key), made)) == "silent"
    never.set()


@pytest.mark.parametrize("at", range(6))
def test_unplugged_at_any_moment_is_told_as_that(at: int) -> None:
    """The moments: finding out what it can, looking for the credential, agreeing on a key, asking for the secret."""
    key = SoftKey()
    made = make(plugged(key))
    count = len(key.asked)

    def unplugged(_command: int) -> None:
        if len(key.asked) - count > at:
            raise OSError(errno.ENODEV, "No such device")

    key.before = unplugged
    if at < 4:
        assert reason(lambda: secret(plugged(key), made)) == "gone"
    else:
        assert secret(plugged(key), made) == made.secret


@pytest.mark.parametrize("at", range(5))
def test_unplugged_while_it_is_added_is_told_as_that(at: int) -> None:
    key = SoftKey(pin="1")
    key.before = lambda _: (_ for _ in ()).throw(OSError(errno.ENODEV, "x")) if len(key.asked) > at else None
    assert reason(lambda: make(plugged(key, pins=["1"]))) == "gone"


def test_a_wrong_pin_is_asked_again_with_how_often_it_may_be_tried_and_never_until_the_key_is_blocked() -> None:
    key = SoftKey(pin="1234")
    holder = plugged(key, pins=["0000", "1234"])
    make(holder)
    assert holder.asked[:2] == ["pin", "pin, 7 left"]
    holder = plugged(key, pins=["0000", "0000", "0000", "0000"])
    assert reason(lambda: make(holder)) == "blocked"
    assert holder.asked == ["pin", "pin, 7 left", "pin, 6 left"]
    assert key.wrong == 3


def test_a_pin_that_nobody_gives_or_that_the_key_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reason(lambda: make(plugged(SoftKey(pin="1234")))) == "pin"
    key = SoftKey()
    key.always_verifies = True
    assert reason(lambda: make(plugged(key))) == "no-pin"


# Seen to fail with the comparison in `_Key.secret` left out: then the secret is another one, and nobody says why.
def test_a_key_that_was_set_to_verify_always_since_it_was_added_is_told_before_its_pin_is_asked() -> None:
    key = SoftKey(pin="1234")
    made = make(plugged(key, pins=["1234"]))
    key.always_verifies = True
    holder = plugged(key, pins=["1234"])
    assert reason(lambda: secret(holder, made)) == "changed"
    assert "pin" not in holder.asked


def test_a_key_that_no_longer_verifies_always_is_asked_to_all_the_same() -> None:
    key = SoftKey(pin="1234")
    key.always_verifies = True
    made = make(plugged(key, pins=["1234"] * 2))
    key.always_verifies = False
    assert secret(plugged(key, pins=["1234"]), made) == made.secret


def test_a_key_without_the_extension_or_without_protocols_can_not_be_used() -> None:
    other, older = SoftKey(), SoftKey(protocols=())
    other.extensions = ["credProtect"]
    assert reason(lambda: make(plugged(other))) == reason(lambda: make(plugged(older))) == "unable"
    assert other.touches == older.touches == 0


def test_without_the_package_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "fido2"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fido2", None)
    assert reason(lambda: fido2.make(Holder(), [])) == "not-installed"
    assert reason(lambda: fido2.secrets([bytes(34)], Holder())) == "not-installed"


def test_a_key_that_may_not_be_opened_is_told_apart_from_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # the system's own folders, as the kernel lays them out
    described = tmp_path / "sys/class/hidraw/hidraw3/device/report_descriptor"
    described.parent.mkdir(parents=True)
    described.write_bytes(bytes.fromhex("06d0f10901a1010920150026ff007508954081020921150026ff00750895409102c0"))
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/hidraw3").touch(0o000)
    monkeypatch.setattr(fido2, "_ROOT", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert reason(fido2.plugged_in) == "forbidden"
    described.write_bytes(bytes.fromhex("05010906a101"))
    assert list(fido2.plugged_in()) == []


def test_the_product_finds_no_security_key_on_a_machine_without_one() -> None:
    code = "from vault.factor import fido2; print(list(fido2.plugged_in()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# -- keys that lie


@given(
    command=st.sampled_from([MAKE, ASSERT, INFO, PIN]),
    how=st.sampled_from(["noise", "noise that says it is well", "changed", "cut off", "longer"]),
    place=st.floats(0, 1),
    noise=st.binary(max_size=80),
)
def test_whatever_a_key_answers_ends_in_a_typed_error_or_a_secret(
    command: int, how: str, place: float, noise: bytes
) -> None:
    key = SoftKey()
    made = make(plugged(key))
    honest = key.call

    def lies(cmd: int, asked: bytes = b"", event: Event | None = None, on_keepalive: object = None) -> bytes:
        answer = honest(cmd, asked, event)
        at = int(place * len(answer))
        lie = {
            "noise": noise,
            "noise that says it is well": b"\0" + noise,
            "changed": answer[:at] + noise[:2] + answer[at + 2 :],
            "cut off": answer[:at],
            "longer": answer + noise,
        }[how]
        return lie if asked[0] == command else answer

    key.call = lies  # type: ignore[assignment,method-assign]
    for call in (lambda: make(plugged(key)), lambda: secret(plugged(key), made)):
        try:
            call()
        except errors.SecurityKeyFailed as error:
            assert error.reason in errors.SECURITY_KEY  # noqa: PT017 - either will do


# -- who is asked for what


def methods(*made: Made) -> list[Method]:
    return [
        Method(bytes([at]) * 16, 1, Cost(64, 1, 1), bytes(16), bytes(105), FIDO2, each.described)
        for at, each in enumerate(made)
    ]


def test_a_key_that_is_not_plugged_in_yet_is_asked_for_until_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    key, other = SoftKey(), SoftKey()
    (method,) = methods(made := make(plugged(key)))
    holder = Holder()
    holder.plugs = [None, other, key]
    monkeypatch.setattr(fido2, "plugged_in", holder.devices)
    assert AtHand(holder)([method]) == {method.id: made.secret}
    assert holder.asked == ["plug in: absent", "plug in: absent", "plug in: unknown", "touch", "touched"]


def test_a_key_is_touched_once_for_all_tries_of_a_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    key = SoftKey()
    made = make(plugged(key))
    holder = plugged(key)
    hand = AtHand(holder)
    monkeypatch.setattr(fido2, "plugged_in", holder.devices)
    for _ in range(3):
        assert hand(methods(made))[bytes(16)] == made.secret
    assert key.touches == 3


def test_a_key_file_that_was_given_goes_before_a_key_that_would_have_to_be_touched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = SoftKey()
    made = make(plugged(key))
    (tmp_path / "f").write_bytes(bytes(32))
    both = [*methods(made), methods(Made(b"", b""))[0]._replace(id=b"f" * 16, factor=1)]
    monkeypatch.setattr(fido2, "plugged_in", lambda: [key])
    assert list(AtHand(Holder(tmp_path / "f"))(both)) == [b"f" * 16]
    assert key.touches == 2
    assert list(AtHand(Holder())(both)) == [bytes(16)]
    # nothing plugged in: the file will do, and so will plugging it in
    monkeypatch.setattr(fido2, "plugged_in", list)
    holder = Holder(files=["", str(tmp_path / "f")])
    assert list(AtHand(holder)(both)) == [b"f" * 16]
    assert holder.asked == ["file or key", "file or key"]
    assert reason(lambda: AtHand(Holder())(both)) == "absent"
