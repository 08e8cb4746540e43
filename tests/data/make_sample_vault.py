"""`python -m tests.data.make_sample_vault`: makes the newest of the sample vaults, once and for all.

Every later version must open each of them and show the same notes. None is made again: a new form of storing gets a
sample of its own, and the old ones stay. The notes are made up.

sample-vault-1: settings of version 1. sample-vault-2: settings of version 2, with an allowed word, a template and an
engagement; ledger pages without ids.
"""

import json
import sys
from datetime import date
from pathlib import Path

from vault.service import Paths, Template, claim_words, create_vault, open_vault, parse_period

FOLDER = Path(__file__).parent / "sample-vault-2"
PASSPHRASE = "vier kleuren op een houten tafel"
DAY = date(2026, 12, 1)
NOTES = (
    "Ze zegt ja voor ze nadenkt. Geoefend met een pauze: eerst ademen, dan pas antwoorden.",
    "Wil grenzen stellen op het werk. Volgende keer: wat leverde “nee” zeggen op?",
    "Twijfelt over de nieuwe rol. Lijstje gemaakt van wat energie geeft en wat energie kost; het tweede was langer.",
    "Café, reünie, naïef, één, ’s ochtends, €12,50 – en verder niets bijzonders.",
    "Lang gesprek. " + "Telkens keerde hetzelfde zinnetje terug: ik moet gewoon doorzetten. " * 90,
    "🙂 Kort en goed.",
)
SHREDDED = "Deze notitie is versnipperd en hoort nergens meer te staan."
EDITED = "Eerst stond hier iets anders."
ALLOWED, ALIAS = "Inez", "Beuk"
TEMPLATE = Template("Kort", "Wat was er?\nEn nu?")
IN_ENGAGEMENT = 2
"""So many of the notes, the last ones, belong to the engagement."""


def main() -> None:
    """Makes the vault, and writes down what it must show."""
    if FOLDER.exists():
        sys.exit("It is there already, and must stay as it is.")
    paths = Paths(str(FOLDER / "data"), str(FOLDER / "state"))
    vault, code = create_vault(paths, PASSPHRASE, keep=parse_period("10y"), clock=lambda: DAY, cost="fast")
    with vault:
        gone = vault.add(SHREDDED).handle
        vault.edit(vault.add(EDITED).handle, NOTES[0])
        claim = vault.open_engagement(ALIAS)
        vault.add_many(NOTES[1:-IN_ENGAGEMENT])
        vault.add_many(NOTES[-IN_ENGAGEMENT:], engagement=ALIAS)
        vault.shred([gone])
        vault.allow_words([ALLOWED])
        vault.set_templates([TEMPLATE])
    with open_vault(paths, code, clock=lambda: DAY) as vault:
        shown = {note.handle: note.text for note in vault.notes()}
    for room in ("data", "state"):
        for lock in (FOLDER / room).rglob("lock"):
            lock.unlink()
    secrets = {"passphrase": PASSPHRASE, "recovery code": code, "claim code": " ".join(claim_words(claim, "nl"))}
    lines = "".join(f"{name}: {secret}\n" for name, secret in secrets.items())
    (FOLDER / "secrets.txt").write_text(lines, encoding="utf-8")
    (FOLDER / "notes.json").write_text(json.dumps(shown, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
