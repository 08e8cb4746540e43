"""The papers that the AVG asks of a practice, made from the vault's real settings (docs/adr/0029).

Each is built as a document (vault.papers.model) from facts that are handed in: no vault, no disk, no clock. Their words
stand here in both languages side by side, as those of the exports do: a paper is in the language of who reads it,
whatever the screen speaks, and what one language says the other must say.
"""
