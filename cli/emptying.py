"""`ongemerkt shred --all`: everything that would go, in numbers, and the word that has to be typed for it."""

from __future__ import annotations

from cli import failures, output, words
from cli.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.context import Context
    from vault.service import Vault
    from vault.service.emptying import Contents


def ensure_wanted(context: Context, vault: Vault, *, receipt: bool) -> bool:
    """Says what would be destroyed and asks for a typed yes, unless --yes was given. Whether there is anything.

    Raises Refused: not confirmed, or a `receipt` is wanted and there is no note that it could be about.
    """
    contents = vault.contents()
    if receipt and not contents.notes:
        sentence = _("There are no notes here, so there is nothing for a receipt to say. Do it without --receipt.")
        raise failures.Refused(failures.NOT_FOUND, "NothingThere", sentence)
    found = lines(contents)
    if context.yes or not found:
        return bool(found)
    output.tell(_("All of this will be destroyed:"))
    for line in found:
        output.tell("  " + line)
    output.tell(_("Places, passphrase and settings stay: an empty vault is left."))
    word = _("yes")
    typed = context.ask.line(_("There is no way back. Type {word} to destroy everything: ").format(word=word))
    if (typed or "").strip().lower() not in (word, "yes", "ja"):
        raise failures.not_confirmed(_("Nothing was destroyed."))
    return True


def lines(contents: Contents) -> list[str]:
    """What there is, in a few words each; nothing of what there is none of."""
    found = contents
    told = [
        (found.notes, words.notes(found.notes)),
        (found.drafts, ngettext("{n} unfinished text", "{n} unfinished texts", found.drafts)),
        (found.jots, words.jots(found.jots)),
        (
            found.unreadable,
            ngettext(
                "{n} thing in your inbox that can't be read",
                "{n} things in your inbox that can't be read",
                found.unreadable,
            ),
        ),
        (found.engagements, ngettext("{n} open engagement", "{n} open engagements", found.engagements)),
        (found.allowed, ngettext("{n} allowed word", "{n} allowed words", found.allowed)),
        (found.templates, ngettext("{n} template", "{n} templates", found.templates)),
        (found.registers, _("the register of breaches")),
        (
            found.requests,
            ngettext(
                "the register of requests ({n} request)", "the register of requests ({n} requests)", found.requests
            ),
        ),
    ]
    return [text.format(n=count) for count, text in told if count]
