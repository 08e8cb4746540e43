"""What one import takes at most, with unit and reason. What hostile files ask for beyond it is refused."""

TEXT_BYTES = 1 << 27
"""Bytes of all texts that one import reads: a career of 20,000 notes is 80 MB."""
FILE_BYTES = 1 << 26
"""Bytes of one file of text: a journal of 10,000 long entries."""
ARCHIVE_BYTES = 1 << 32
"""Bytes of one archive. Nearly all of them are attachments, which are passed over."""
ITEM_BYTES = 1 << 23
"""Bytes of one item of Joplin: an encrypted one is several times as long as its note."""
JSON_VALUES = 8_000_000
"""Brackets, commas and quotes in a file of JSON: one in eight bytes of the longest file, ten times what prose has."""
PROPERTIES = 200
"""Properties of one item: Joplin has about thirty."""
NOTES = 100_000
"""Notes of one import: five careers."""
FILES = 500_000
"""Files, or members of an archive: Joplin has one for each note, notebook, tag, use of a tag and attachment."""
HEADER_BYTES = 1 << 16
"""Bytes of an archive member's extended header: a name and a few numbers."""
NAME_BYTES = 4096
"""Bytes of an archive member's name: the longest path there is."""
