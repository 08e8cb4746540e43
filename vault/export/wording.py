"""The words around the notes in md and pdf, in both languages: for the client, whatever the coach's screen speaks.

The page has its own in page/page.html, since it can change its language.
"""

from typing import NamedTuple


class Wording(NamedTuple):
    """All of one language; `{n}` is a number."""

    title: str
    about: str
    about_one: str
    note: str
    kept: str
    kept_one: str
    closing: str
    page: str

    def told(self, count: int) -> str:
        """What this is, for so many notes."""
        return (self.about_one if count == 1 else self.about).format(n=count)

    def left(self, months: int) -> str:
        """How long a note is still kept."""
        return (self.kept_one if months == 1 else self.kept).format(n=months)


WORDING = {
    "nl": Wording(
        title="Notities uit je gesprekken",
        about="Dit zijn de {n} notities die je coach bij jullie gesprekken heeft gemaakt, elk met de volledige tekst. "
        "Er staan geen datums bij, want die zijn nooit opgeslagen. De volgorde is willekeurig.",
        about_one="Dit is de notitie die je coach bij jullie gesprekken heeft gemaakt, met de volledige tekst. "
        "Er staat geen datum bij, want die is nooit opgeslagen.",
        note="Notitie {n}",
        kept="Wordt nog ten hoogste {n} maanden bewaard.",
        kept_one="Wordt nog ten hoogste een maand bewaard.",
        closing="Dit is het einde. Wat je ermee doet, bepaal jij: bewaar het op een plek die je vertrouwt, "
        "of gooi het weg.",
        page="{n} van {m}",
    ),
    "en": Wording(
        title="Notes from your talks",
        about="These are the {n} notes that your coach made of your talks, each with its full text. "
        "They carry no dates, since none were ever stored. Their order is random.",
        about_one="This is the note that your coach made of your talks, with its full text. "
        "It carries no date, since none was ever stored.",
        note="Note {n}",
        kept="Will be kept for at most {n} more months.",
        kept_one="Will be kept for at most one more month.",
        closing="This is the end. What you do with it is up to you: keep it in a place that you trust, "
        "or throw it away.",
        page="{n} of {m}",
    ),
}
