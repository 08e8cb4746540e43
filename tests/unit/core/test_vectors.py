"""The product agrees with known answers made without it, and refuses every wrong one in its class.

Seen to fail: a `person` with another last letter; the index left out of a box's place; little-endian lengths; the
padding of the header not looked at; a settings field moved; costs not checked.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import cheap_kdf
from tests.support.independent import seal as independent_seal
from tests.vectors import make
from vault import errors, ledger, receipt
from vault.crypto import aead, claim, derive, recovery, stretch
from vault.formats import anchorfile, head, lockrow, note, settings
from vault.formats import header as header_format
from vault.formats.header import Cost
from vault.formats.reader import FormatError, UnknownVersion
from vault.months import Period
from vault.service import receipt_mark

FOLDER = Path(make.__file__).parent
FAILURES: dict[str, type[Exception]] = {
    "FormatError": FormatError,
    "UnknownVersion": UnknownVersion,
    "BoxRefused": aead.BoxRefused,
    "ParametersRefused": errors.ParametersRefused,
}


def vectors(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_the_files_are_what_the_script_makes() -> None:
    built = make.build()
    assert {path.name for path in FOLDER.glob("*.json")} == set(built)
    for name, content in built.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == content, name


def test_the_script_knows_nothing_of_the_product() -> None:
    scripts = [FOLDER / name for name in ("make.py", "rights.py", "sync.py")]
    for source in [*scripts, *(FOLDER.parent / "support" / name for name in ("independent.py", "curves.py"))]:
        text = source.read_text(encoding="utf-8")
        assert "import vault" not in text
        assert "from vault" not in text


# -- right answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("good", vectors("derive")["good"], ids=lambda good: good["function"])
def test_derivations(good: Any) -> None:
    parts = [bytes.fromhex(part) for part in good["parts"]]
    assert getattr(derive, good["function"])(bytes.fromhex(good["key"]), *parts).hex() == good["derived"]


@pytest.mark.parametrize("good", vectors("box")["good"], ids=lambda good: f"{good['kind']}{good['index']}")
def test_boxes_open(good: Any) -> None:
    place = bytes.fromhex(good["key"]), bytes.fromhex(good["vault"]), good["kind"].encode(), good["index"]
    assert aead.open_box(*place, bytes.fromhex(good["box"])).hex() == good["plaintext"]


@pytest.mark.parametrize("good", vectors("box")["good"], ids=lambda good: f"{good['kind']}{good['index']}")
def test_boxes_are_sealed_in_the_same_way(good: Any) -> None:
    key, vault_id, kind, index = (
        bytes.fromhex(good["key"]),
        bytes.fromhex(good["vault"]),
        good["kind"].encode(),
        good["index"],
    )
    text = bytes.fromhex(good["plaintext"])
    sealed = aead.seal(key, vault_id, kind, index, text)
    assert independent_seal(key, vault_id, kind, index, sealed[1:25], text) == sealed


def test_header() -> None:
    for good in vectors("header")["good"]:
        data = make.spelt_bytes(good["bytes"])
        found = header_format.decode(data)
        assert (found.vault_id.hex(), found.inbox.hex()) == (good["vault_id"], good["inbox"])
        for method, expected in zip(found.methods, good["methods"], strict=True):
            assert method.cost == Cost(expected["m_kib"], expected["t"], expected["p"])
            assert (method.id.hex(), method.kind) == (expected["id"], expected["kind"])
            assert (method.salt.hex(), method.wrap.hex()) == (expected["salt"], expected["wrap"])
            factor = expected.get("factor", 0), expected.get("told", "")
            assert (method.factor, method.described.hex()) == factor
        assert header_format.encode(found) == data
        assert header_format.header_hash(data).hex() == good["hash"]


def test_lock_row() -> None:
    for good in vectors("lockrow")["good"]:
        data = make.spelt_bytes(good["bytes"])
        found = lockrow.decode(data)
        assert (found.epoch.hex(), found.header_hash.hex()) == (good["epoch"], good["header_hash"])
        assert {identity.hex(): wrap.hex() for identity, wrap in found.wraps.items()} == good["wraps"]
        assert lockrow.encode(found) == data


def test_head() -> None:
    for good in vectors("head")["good"]:
        data = make.spelt_bytes(good["bytes"])
        found = head.decode(data)
        assert (found.version, found.pool) == (good["version"], good["pool"])
        assert [field.hex() for field in (found.epoch, found.root, found.previous)] == [
            good[name] for name in ("epoch", "root", "previous")
        ]
        assert head.encode(found) == data
        hashes = [head.page_hash(bytes.fromhex(box)) for box in good["page_boxes"]]
        assert [digest.hex() for digest in hashes] == good["page_hashes"]
        assert head.root_hash(hashes).hex() == good["root_of_pages"]
        assert head.head_hash(data).hex() == good["hash"]


def test_settings() -> None:
    for good in vectors("settings")["good"]:
        data = make.spelt_bytes(good["bytes"])
        found = settings.decode([data[at : at + settings.PAYLOAD] for at in range(0, len(data), settings.PAYLOAD)])
        assert (found.seen, found.idle, found.keep) == (good["seen"], good["idle"], Period(*good["keep"]))
        assert found.inbox.hex() == good["inbox"]
        assert {identity.hex(): secret.hex() for identity, secret in found.stretched.items()} == good["stretched"]
        assert (found.guard, list(found.allowed)) == (good["guard"], good["allowed"])
        assert [list(template) for template in found.templates] == good["templates"]
        assert as_json(found.rights) == good["rights"]
        assert found.origin.hex() == good["origin"]
        assert as_json(found.enrolled) == good["enrolled"]
        assert as_json(found.safety) == good["safety"]
        assert b"".join(settings.encode(found)) == make.spelt_bytes(good["written"])


def as_json(value: object) -> object:
    if isinstance(value, tuple):
        return [as_json(each) for each in value]
    return value.hex() if isinstance(value, bytes) else value


def test_anchor() -> None:
    for good in vectors("anchor")["good"]:
        data = make.spelt_bytes(good["bytes"])
        found, records = anchorfile.decode(data), anchorfile.decode_records(data)
        assert (found.epoch.hex(), found.secret.hex()) == (good["epoch"], good["secret"])
        record = anchorfile.Record(bytes.fromhex(good["before"]), bytes.fromhex(good["after"]), False)
        assert records == [record, None]
        assert anchorfile.encode(found, record) == data


def test_note() -> None:
    for good in vectors("note")["good"]:
        data = make.spelt_bytes(good["bytes"])
        payloads = [data[at : at + note.PAYLOAD] for at in range(0, len(data), note.PAYLOAD)]
        assert note.text_bytes(payloads).decode() == good["text"]
        assert note.tag_of(payloads[0]).hex() == good["tag"]
        assert note.encode(good["text"], bytes.fromhex(good["tag"])) == payloads


def test_ledger_page() -> None:
    for good in vectors("ledger_page")["good"]:
        data = make.spelt_bytes(good["bytes"])
        found = ledger.decode_pages([data], 64)
        expected = {
            int(at): ledger.Entry(**(entry | {"key": bytes.fromhex(entry["key"])}))
            for at, entry in good["entries"].items()
        }
        assert {at: found.entry(at) for at in range(64)} == dict.fromkeys(range(64), ledger.EMPTY) | expected
        fresh = ledger.Ledger(64)
        fresh.apply(expected)
        assert ledger.encode_page(fresh, 0) == ledger.encode_page(ledger.Ledger(64), 0, expected) == data


@pytest.mark.parametrize("good", vectors("recovery")["good"], ids=lambda good: repr(good["typed"]))
def test_recovery_codes_are_read(good: Any) -> None:
    assert recovery.normalise(good["typed"]) == good["code"]


@pytest.mark.parametrize("good", vectors("stretch")["good"], ids=lambda good: str(good["cost"]))
def test_stretching(good: Any) -> None:
    secret, salt, cost = good["secret"].encode(), bytes.fromhex(good["salt"]), Cost(*good["cost"])
    assert stretch.argon2id(secret, salt, cost).hex() == good["stretched"]
    if cost.p == 1:
        # libsodium's answer and argon2-cffi's are the same: RFC 9106 leaves no room
        assert stretch._lanes(secret, salt, cost) == stretch._one_lane(secret, salt, cost)


@pytest.mark.parametrize("good", vectors("claim")["good"], ids=lambda good: good["code"])
def test_claim_codes(good: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "POLICY", stretch.POLICY)
    cheap_kdf.install()
    assert stretch.POLICY.presets["fast"] == Cost(**good["cost"])
    code = bytes.fromhex(good["code"])
    for lang in ("nl", "en"):
        assert claim.to_words(code, lang) == good[lang]
        for first in ("nl", "en"):
            assert claim.from_words(first, " ".join(good[lang])) == (code, good[lang])
    found = claim.derive(code, bytes.fromhex(good["vault"]))
    assert (found.secret.hex(), found.public.hex()) == (good["secret"], good["public"])
    assert claim.ordinal_of(bytes.fromhex(good["tag"]), found) == good["ordinal"]
    assert claim.ordinal_of(claim.tag(found.public, 9), found) == 9


@pytest.mark.parametrize("good", vectors("receipt")["good"], ids=lambda good: good["document"][:40])
def test_receipts(good: Any) -> None:
    document, seed = good["document"].encode(), bytes.fromhex(good["seed"])
    found = receipt.verify(document)
    assert receipt.make(found, seed) == document
    assert found.key == receipt.public_key(seed)
    assert receipt_mark(found.key, "nl") == good["mark"]


# -- wrong answers -----------------------------------------------------------------------------------------------------

READERS: dict[str, Callable[[bytes], object]] = {
    "header": header_format.decode,
    "lockrow": lockrow.decode,
    "head": head.decode,
    "settings": lambda data: settings.decode([data]),
    "anchor": anchorfile.decode,
    "note": lambda data: note.text_bytes([data[at : at + note.PAYLOAD] for at in range(0, len(data), note.PAYLOAD)]),
    "ledger_page": lambda data: ledger.decode_pages([data], 64),
}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [(name, wrong) for name in READERS for wrong in vectors(name)["faults"]],
    ids=lambda value: value if isinstance(value, str) else value["name"],
)
def test_wrong_bytes_are_refused_in_their_class(name: str, wrong: Any) -> None:
    with pytest.raises(FormatError) as raised:
        READERS[name](make.spelt_bytes(wrong["bytes"]))
    assert raised.type is FAILURES[wrong["failure"]]


@pytest.mark.parametrize("wrong", vectors("box")["faults"], ids=lambda wrong: wrong["name"])
def test_wrong_boxes_are_refused(wrong: Any) -> None:
    place = bytes.fromhex(wrong["key"]), bytes.fromhex(wrong["vault"]), wrong["kind"].encode(), wrong["index"]
    with pytest.raises(FAILURES[wrong["failure"]]):
        aead.open_box(*place, make.spelt_bytes(wrong["bytes"]))


@pytest.mark.parametrize("wrong", vectors("claim")["faults"], ids=lambda wrong: wrong["name"])
def test_wrong_claim_codes_are_noticed(wrong: Any) -> None:
    with pytest.raises(errors.VaultError) as raised:
        claim.from_words("nl", wrong["typed"])
    assert raised.type.__name__ == wrong["failure"]


@pytest.mark.parametrize("wrong", vectors("receipt")["faults"], ids=lambda wrong: wrong["name"])
def test_wrong_receipts_are_refused_in_their_class(wrong: Any) -> None:
    with pytest.raises(errors.VaultError) as raised:
        receipt.verify(wrong["document"].encode())
    assert raised.type.__name__ == wrong["failure"]
    assert raised.value.__context__ is None


@pytest.mark.parametrize("wrong", vectors("recovery")["faults"], ids=lambda wrong: wrong["name"])
def test_wrong_recovery_codes_are_noticed(wrong: Any) -> None:
    assert recovery.normalise(wrong["typed"]) is None


@pytest.mark.parametrize("wrong", vectors("stretch")["faults"], ids=lambda wrong: wrong["name"])
def test_wrong_costs_are_refused(wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "POLICY", cheap_kdf.REAL)
    with pytest.raises(FAILURES[wrong["failure"]]):
        stretch.stretch(b"x", bytes(16), Cost(*wrong["cost"]))
