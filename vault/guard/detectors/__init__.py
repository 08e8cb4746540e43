"""One module for each kind of thing the guard looks for. Each has `find(sheet)`, and none knows another."""

from collections.abc import Callable, Iterator

from vault.guard.detectors import (
    address,
    ages,
    bsn,
    dates,
    email,
    employers,
    feasts,
    firms,
    fullnames,
    iban,
    initials,
    kvk,
    lastnames,
    months,
    names,
    namesakes,
    places,
    plate,
    postcode,
    telephone,
    titled,
    url,
    weeks,
    workplaces,
    works,
    years,
)
from vault.guard.find import Span
from vault.guard.sheet import Sheet

Detector = Callable[[Sheet], Iterator[Span]]

FORMATS: tuple[Detector, ...] = (
    email.find,
    url.find,
    iban.find,
    kvk.find,
    bsn.find,
    telephone.find,
    plate.find,
    dates.find,
    months.find,
    weeks.find,
    address.find,
    postcode.find,
    feasts.find,
    ages.find,
    years.find,
)
"""Those that tell by form, in order: what an earlier one has claimed the later ones leave alone."""

PROPER: tuple[Detector, ...] = (
    namesakes.find,
    works.find,
    firms.find,
    places.find_phrases,
    employers.find,
    titled.find,
    fullnames.find,
    initials.find,
    lastnames.find,
    places.find,
    workplaces.find,
    names.find,
)
"""Those that tell names, places and organisations apart, in order: the surest first."""
