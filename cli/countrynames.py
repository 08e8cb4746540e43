"""Names of countries where servers often stand; of others the code of ISO 3166-1 has to do."""

from __future__ import annotations

from cli.i18n import N_, _

_NAMES = {
    "AT": N_("Austria"),
    "AU": N_("Australia"),
    "BE": N_("Belgium"),
    "BG": N_("Bulgaria"),
    "BR": N_("Brazil"),
    "CA": N_("Canada"),
    "CH": N_("Switzerland"),
    "CN": N_("China"),
    "CY": N_("Cyprus"),
    "CZ": N_("Czechia"),
    "DE": N_("Germany"),
    "DK": N_("Denmark"),
    "EE": N_("Estonia"),
    "ES": N_("Spain"),
    "FI": N_("Finland"),
    "FR": N_("France"),
    "GB": N_("the United Kingdom"),
    "GR": N_("Greece"),
    "HK": N_("Hong Kong"),
    "HR": N_("Croatia"),
    "HU": N_("Hungary"),
    "IE": N_("Ireland"),
    "IN": N_("India"),
    "IS": N_("Iceland"),
    "IT": N_("Italy"),
    "JP": N_("Japan"),
    "LI": N_("Liechtenstein"),
    "LT": N_("Lithuania"),
    "LU": N_("Luxembourg"),
    "LV": N_("Latvia"),
    "MT": N_("Malta"),
    "NL": N_("the Netherlands"),
    "NO": N_("Norway"),
    "PL": N_("Poland"),
    "PT": N_("Portugal"),
    "RO": N_("Romania"),
    "RU": N_("Russia"),
    "SE": N_("Sweden"),
    "SG": N_("Singapore"),
    "SI": N_("Slovenia"),
    "SK": N_("Slovakia"),
    "TR": N_("Turkey"),
    "UA": N_("Ukraine"),
    "US": N_("the United States"),
}


def country_name(code: str) -> str:
    """The name of a country in the user's language, or its code."""
    name = _NAMES.get(code)
    return _(name) if name else code
