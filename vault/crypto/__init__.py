"""Composition of primitives: sealing, deriving, stretching, recovery codes (docs/spec/vault.md sections 2 and 3)."""
