"""`openapi`: the description of the requests, as the server itself serves it."""

import argparse

from sync.server.context import Context, document


def arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_context: Context, _arguments: argparse.Namespace) -> int:
    """Prints it; it is JSON anyhow."""
    from sync.server.openapi import document as described

    document(described())
    return 0
