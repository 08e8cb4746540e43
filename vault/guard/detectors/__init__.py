"""One module for each kind of thing the guard looks for. Each has `find(sheet)`, and none knows another."""

from vault.guard.detectors import (
    address,
    ages,
    bsn,
    dates,
    email,
    feasts,
    iban,
    kvk,
    months,
    plate,
    postcode,
    telephone,
    url,
    weeks,
    years,
)  # fmt: skip

FORMATS = (
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
