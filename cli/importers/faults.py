"""Why a source can't be read. Words for people are in cli/commands/importing.py."""


class Fault(Exception):
    """A source can't be read. `path` is the file, put there by whoever opened it."""

    def __init__(self) -> None:
        super().__init__()
        self.path = ""


class NotText(Fault):
    """Bytes that are no UTF-8."""


class HoldsNul(Fault):
    """A NUL byte: that is no text."""


class NoteTooLong(Fault):
    """A note that is longer than notes may be."""


class TooMuch(Fault):
    """More than one import takes: cli/importers/limits.py."""


class Damaged(Fault):
    """Not whole, or not what it is said to be."""


class Forbidden(Fault):
    """Something in an archive that no export holds: a link, a device, a path that leads out of it."""


class JournalEncrypted(Fault):
    """A journal that jrnl encrypted."""
