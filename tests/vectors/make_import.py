"""`python -m tests.vectors.make_import`: writes the files in tests/vectors/import/joplin, one fault in each.

index.json says what a reader must say of each: the texts, or the fault. The files in tests/vectors/import/jrnl were
written by jrnl 4.6 itself.
"""

import json
import tarfile
from pathlib import Path

from tests.support.joplin import archive, encrypted, jex, member, note, notebook, number, resource, tag

HERE = Path(__file__).parent / "import" / "joplin"
ONE = note(1, "Gesprek met Sanne", "Zegt vaak ja.")
Expected = list[str] | str


def _sized(data: bytes, size: bytes) -> bytes:
    """The first member's size field replaced, and the checksum made right."""
    header = data[:124] + size + data[136:148] + b" " * 8 + data[156:512]
    return header[:148] + b"%06o\0 " % sum(header) + header[156:] + data[512:]


def good() -> dict[str, tuple[Expected, bytes]]:
    """Archives that are read, and their texts."""
    link = f"Zie ![IMG_20261125.jpg](:/{number(7)}) en [Plan Sanne](:/{number(2)})."
    html = "<h1>Kop &amp; meer</h1><p>Zegt <b>ja</b>.<br>Wacht 3 &lt; 4.</p><script>let x</script>"
    whole = [notebook(900, "Sanne de Boer"), ONE, *resource(7, "scan Sanne.pdf"), *tag(800, "sanne", 1)]
    return {
        "whole": (["Zegt vaak ja."], jex(whole)),
        "todo": (["Plannen."], jex([note(1, "Bel Sanne", "Plannen.", is_todo=1, todo_due=1795599667123)])),
        "conflict": (["Zegt nee."], jex([note(1, "Sanne", "Zegt nee.", is_conflict=1)])),
        "trash": (["Blijft."], jex([note(1, "Oud", "Weg.", deleted_time=1795599667123), note(2, "x", "Blijft.")])),
        "no-body": (["Blijft."], jex([note(1, "Alleen Sanne", ""), note(2, "x", "Blijft.")])),
        "no-title": (["Zegt ja."], jex([note(1, "", "Zegt ja.")])),
        "title-is-first-line": (["Zegt ja."], jex([note(1, "Met Sanne", "# Met Sanne\n\nZegt ja.")])),
        "title-is-plain-first-line": (["Zegt ja."], jex([note(1, "Met Sanne", "Met Sanne\nZegt ja.")])),
        "title-is-all": (["Zegt vaak ja."], jex([note(1, "Zegt vaak ja.", "Zegt vaak ja.")])),
        "date-first": (["Zegt ja."], jex([note(1, "Sanne", "25 november 2026\n\nZegt ja.")])),
        "body-like-properties": (["a: b\n\ntype_: 2\n\nZegt ja."], jex([note(1, "t", "a: b\n\ntype_: 2\n\nZegt ja.")])),
        "links": (["Zie [x] en [x]."], jex([note(1, "Sanne", link)])),
        "html": (["Kop & meer\n\nZegt ja.\nWacht 3 < 4."], jex([note(1, "Sanne", html, markup_language=2)])),
        "crlf": (["Zegt ja.\nEn nee."], jex([(ONE[0], note(1, "S", "Zegt ja.\nEn nee.")[1].replace(b"\n", b"\r\n"))])),
        "encrypted-beside": (["Zegt vaak ja."], jex([ONE, encrypted(2)])),
        "pax": (["Zegt vaak ja."], jex(whole, tarfile.PAX_FORMAT)),
        "gnu": (["Zegt vaak ja."], jex(whole, tarfile.GNU_FORMAT)),
        "long-name": (["Zegt vaak ja."], jex([ONE, (f"resources/{'lang ' * 40}.pdf", b"x")], tarfile.GNU_FORMAT)),
        "long-pax-name": (["Zegt vaak ja."], jex([ONE, (f"resources/{'läng ' * 60}.pdf", b"x")], tarfile.PAX_FORMAT)),
        "folders": (["Zegt vaak ja."], archive([member("resources", kind=tarfile.DIRTYPE), member(*ONE)])),
        "dot-names": (["Zegt vaak ja."], jex([(f"./{ONE[0]}", ONE[1])])),
    }  # fmt: skip


def bad() -> dict[str, tuple[Expected, bytes]]:
    """Archives with one fault, and its name."""
    whole = jex([ONE])
    name, data = ONE
    broken = bytearray(whole)
    broken[0] ^= 1
    sparse = tarfile.TarInfo(name)
    sparse.pax_headers = {"GNU.sparse.major": "1"}
    return {
        "empty": ("Damaged", b""),
        "no-tar": ("Damaged", b"Zegt vaak ja." * 100),
        "nothing-in-it": ("Damaged", jex([])),
        "only-attachments": ("Damaged", jex([("resources/x.pdf", b"x")])),
        "cut-in-header": ("Damaged", whole[:300]),
        "cut-in-item": ("Damaged", whole[:700]),
        "no-end": ("Damaged", whole[: 512 + -(-len(data) // 512) * 512]),
        "checksum-wrong": ("Damaged", bytes(broken)),
        "size-no-number": ("Damaged", _sized(whole, b"12345x78901\0")),
        "size-negative": ("TooMuch", _sized(whole, b"\xff" * 12)),
        "size-enormous": ("TooMuch", _sized(whole, b"\x80" + b"\0" * 3 + b"\x7f" * 8)),
        "size-beyond-the-end": ("Damaged", _sized(whole, b"00000077777\0")),
        "bomb-of-a-header": ("TooMuch", _sized(pax_named(name, data), b"00001000000\0")),
        "symbolic-link": ("Forbidden", archive([member(name, kind=tarfile.SYMTYPE, link="/etc/passwd")])),
        "hard-link": ("Forbidden", archive([member(*ONE), member("x.md", kind=tarfile.LNKTYPE, link=name)])),
        "device": ("Forbidden", archive([member(*ONE), member("null", kind=tarfile.CHRTYPE)])),
        "pipe": ("Forbidden", archive([member(*ONE), member("pijp", kind=tarfile.FIFOTYPE)])),
        "path-out": ("Forbidden", jex([ONE, ("../../.bashrc", b"x")])),
        "path-out-in-the-middle": ("Forbidden", jex([ONE, ("resources/../../x", b"x")])),
        "path-from-the-root": ("Forbidden", jex([ONE, ("/etc/cron.d/x", b"x")])),
        "path-with-backslash": ("Forbidden", jex([ONE, ("..\\x.md", b"x")])),
        "sparse": ("Forbidden", archive([(sparse, b""), member(*ONE)], tarfile.PAX_FORMAT)),
        "pax-record-cut": ("Damaged", pax_named(name, data).replace(b" path=", b"9path=", 1)),
        "not-utf-8": ("NotText", jex([(name, data.replace(b"vaak", b"v\xffak"))])),
        "nul": ("HoldsNul", jex([(name, data.replace(b"vaak", b"v\0ak"))])),
        "no-type": ("Damaged", jex([(name, data.rpartition(b"\n")[0])])),
        "type-no-number": ("Damaged", jex([(name, data[:-1] + b"x")])),
        "type-of-many-digits": ("Damaged", jex([(name, data[:-1] + b"9" * 5000)])),
        "property-without-colon": ("Damaged", jex([(name, data.replace(b"is_todo: 0", b"is_todo 0"))])),
        "note-too-long": ("NoteTooLong", jex([note(1, "t", "x" * ((1 << 20) + 1))])),
    }  # fmt: skip


def pax_named(name: str, data: bytes) -> bytes:
    """An archive whose first member is an extended header."""
    info, content = member(name, data)
    info.pax_headers = {"path": name, "comment": "x"}
    return archive([(info, content)], tarfile.PAX_FORMAT)


def vectors() -> dict[str, tuple[Expected, bytes]]:
    """Name → (texts or fault, archive). What is large is made anew in the test and not kept as a file."""
    both = (("good", good()), ("bad", bad()))
    return {f"{kind}-{name}": each for kind, made in both for name, each in made.items()}


def kept() -> dict[str, tuple[Expected, bytes]]:
    """Those that are files."""
    return {name: each for name, each in vectors().items() if len(each[1]) < 100_000}


if __name__ == "__main__":
    HERE.mkdir(parents=True, exist_ok=True)
    for old in HERE.glob("*.jex"):
        old.unlink()
    for name, (_expected, data) in kept().items():
        (HERE / f"{name}.jex").write_bytes(data)
    index = {name: expected for name, (expected, _data) in kept().items()}
    (HERE / "index.json").write_text(json.dumps(index, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
