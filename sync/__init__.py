"""Sync: the client's side, and in sync.server the server (docs/spec/sync-protocol.md)."""
