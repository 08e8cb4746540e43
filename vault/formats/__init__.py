"""Bytes of all that is stored, to and from plain values (docs/spec/vault.md). Pure: no I/O, no clock, no keys."""
