"""`ongemerkt notice`: the privacy notice for clients, from the vault's real settings."""

from __future__ import annotations

from cli import paperwork
from cli.i18n import N_

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("[--format md | pdf] [--to FILE] [--practice NAME] [--contact TEXT]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """How it goes out, and what to fill in."""
    paperwork.add_options(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Makes the notice. Raises Refused and the core's errors."""
    from vault.service import papers

    kind = paperwork.check(arguments)
    with context.open_vault() as vault:
        facts = vault.facts()
    document = papers.notice(facts, paperwork.practice(arguments), context.lang)
    return paperwork.hand_over(context, arguments, kind, document, papers.facts_document(facts))
