"""What devices and a server should hold, by a model that knows sets and nothing of keys, tombs, slots or bytes.

Whoever has heard of a version, of its being replaced or of its being shredded never forgets it here. What is shown
follows from that: the versions nobody replaced, without what was shredded or goes back to it, and without what is due.
"""

from dataclasses import dataclass, field
from typing import NamedTuple


class Version(NamedTuple):
    """A note as it was written once: its id, that of the version it replaced (0 for none), text and month."""

    id: int
    parent: int
    text: str
    expiry: int


@dataclass
class Heard:
    """What one device, or the server, has heard of."""

    versions: dict[int, Version] = field(default_factory=dict)
    replaced: set[int] = field(default_factory=set)
    shredded: set[int] = field(default_factory=set)

    def copy(self) -> "Heard":
        """The same, to go its own way."""
        return Heard(dict(self.versions), set(self.replaced), set(self.shredded))

    def hear(self, other: "Heard") -> None:
        """All that the other has heard of."""
        self.versions |= other.versions
        self.replaced |= other.replaced
        self.shredded |= other.shredded

    def write(self, version: Version) -> None:
        """A new note, or a new version of one."""
        self.versions[version.id] = version
        if version.parent:
            self.replaced.add(version.parent)

    def shown(self, month: int) -> dict[int, Version]:
        """What is to be seen in this month, by id."""
        return {
            found: version
            for found, version in self.versions.items()
            if found not in self.replaced and version.expiry >= month and not self._goes_back_to_shredded(found)
        }

    def _goes_back_to_shredded(self, found: int) -> bool:
        while found:
            if found in self.shredded:
                return True
            found = self.versions[found].parent
        return False

    def unheard_by(self, other: "Heard") -> int:
        """How many versions the other has not heard of."""
        return len(self.versions.keys() - other.versions.keys())
