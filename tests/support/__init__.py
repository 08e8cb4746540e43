"""Helpers for tests; nothing of the product imports them."""
