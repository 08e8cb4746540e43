"""Note text from outside: bounded, UTF-8, and clear about what is wrong."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.failures import Refused
from cli.reading import decoded, file_text
from vault.limits import NOTE_BYTES


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfHallo\r\nwereld\r\n", "Hallo\nwereld"),
        (b"een\rtwee", "een\ntwee"),
        (b"\n\n  ingesprongen\n\n", "  ingesprongen"),
        ("één ’ ☕".encode(), "één ’ ☕"),
    ],
)
def test_line_ends_and_byte_order_marks_are_tidied(data: bytes, text: str) -> None:
    assert decoded(data, "x") == text


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "NoteEmpty"),
        (b" \n\t \r\n", "NoteEmpty"),
        (b"\xef\xbb\xbf", "NoteEmpty"),
        (b"a\0b", "NoteNotText"),
        (b"\xff\xfe", "NoteNotText"),
        (b"\xed\xa0\x80", "NoteNotText"),
        (b"a" * (NOTE_BYTES + 1), "NoteTooLong"),
    ],
)
def test_what_is_no_note_is_refused_by_name(data: bytes, kind: str) -> None:
    with pytest.raises(Refused) as caught:
        decoded(data, "brief.txt")
    assert caught.value.kind == kind
    assert caught.value.code == 2
    assert "brief.txt" in caught.value.sentence


def test_the_longest_note_is_taken() -> None:
    assert len(decoded(b"\xef\xbb\xbf" + b"a" * NOTE_BYTES, "x")) == NOTE_BYTES


@given(st.binary(max_size=200))
def test_any_bytes_give_a_text_or_our_own_error(data: bytes) -> None:
    try:
        text = decoded(data, "x")
    except Refused:
        return
    assert text.strip()
    assert "\r" not in text
    assert "\0" not in text


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/full"])
def test_a_device_is_refused_and_never_read(path: str) -> None:
    with pytest.raises(Refused) as caught:
        file_text(path)
    assert caught.value.kind == "InputIsDevice"


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(Refused) as folder:
        file_text(str(tmp_path))
    with pytest.raises(Refused) as missing:
        file_text(str(tmp_path / "weg"))
    with pytest.raises(Refused) as nul:
        file_text("a\0b")
    assert (folder.value.code, missing.value.code, nul.value.code) == (2, 4, 2)


def test_a_pipe_with_a_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pijp"
    os.mkfifo(path)
    if os.fork() == 0:
        path.write_text("via de pijp\n")
        os._exit(0)
    assert file_text(str(path)) == "via de pijp"
    os.wait()


def test_a_file_name_can_not_drive_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        file_text(str(tmp_path / "a\x1b[31m"))
    assert "\x1b" not in caught.value.sentence
