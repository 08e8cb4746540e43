"""Exit codes and sentences for the errors of sync/, loaded only when one of them came: a part of cli.failures."""

from __future__ import annotations

from cli.countrynames import country_name
from cli.failures import AWAY, NOT_FOUND, SERVER, STORAGE, USAGE
from cli.i18n import N_, _
from sync import errors

TABLE: dict[type[errors.SyncError], tuple[int, str]] = {
    errors.SyncError: (SERVER, N_("Something went wrong with the server. Nothing here was changed.")),
    errors.UrlRefused: (
        USAGE,
        N_("That is not the address of a server. It looks like this: https://notes.example.nl"),
    ),
    errors.CountryDataRefused: (
        STORAGE,
        N_("The list that tells in which country a server stands is missing or damaged. Install ongemerkt anew."),
    ),
    errors.ServerOutOfReach: (
        AWAY,
        N_("The server is out of reach. Here everything goes on; the next session tries again."),
    ),
    errors.ServerBusy: (AWAY, N_("The server is busy. Here everything goes on; the next session tries again.")),
    errors.ServerKeyChanged: (
        SERVER,
        N_(
            "The server shows another key than the one that is kept here. Nothing was sent to it. Did the keeper"
            " replace it? Compare it together, then keep the new one with: ongemerkt sync pin"
        ),
    ),
    errors.ServerAbroad: (
        SERVER,
        N_(
            "The server stands in {country}, and that is not allowed here. Nothing was sent to it. To allow it:"
            " ongemerkt sync country eu (or any); when you enrol or join, --country."
        ),
    ),
    errors.CountryUnknown: (SERVER, ""),
    errors.ServerAnswersWrong: (
        SERVER,
        N_("What answers there is not a server of ongemerkt. Nothing here was changed. Is the address right?"),
    ),
    errors.ServerNewer: (
        SERVER,
        N_("The server speaks a newer language than this program. Update ongemerkt. Nothing here was changed."),
    ),
    errors.ServerFull: (
        STORAGE,
        N_("The server has no more room for this vault. Ask its keeper for more. Here everything goes on."),
    ),
    errors.Conflict: (
        SERVER,
        N_("The server says that this exists already. Nothing here was changed. Try again, or ask its keeper."),
    ),
    errors.RequestRefused: (
        SERVER,
        N_("The server refused what this program asked. Nothing here was changed. Are both of the same version?"),
    ),
    errors.NotKnown: (
        SERVER,
        N_(
            "The server does not know this device any more. Nothing here was changed. Ask its keeper whether it was"
            " emptied or replaced. If so: ongemerkt sync leave, then enrol anew. Your notes are all here."
        ),
    ),
    errors.DeviceAbsent: (NOT_FOUND, N_("The server does not know that device any more: it left by itself.")),
    errors.DeviceRemoved: (SERVER, N_("The server says that this device was removed.")),
    errors.InvitationRefused: (
        NOT_FOUND,
        N_("The server does not take this invitation: it was used, or its time is up. Ask the keeper for a new one."),
    ),
    errors.OfferGone: (
        NOT_FOUND,
        N_(
            "This pairing code does not work any more: it was used, or its day is over. If you did not use it"
            " yourself, somebody else did: revoke that device on your other device, with: ongemerkt device revoke NAME"
        ),
    ),
}


def explain(error: errors.SyncError) -> tuple[int, str]:
    """Exit code and sentence."""
    code, sentence = TABLE[next(found for found in type(error).__mro__ if found in TABLE)]
    if isinstance(error, errors.CountryUnknown):
        return code, _country_unknown(error.stale)
    if isinstance(error, errors.ServerAbroad):
        return code, _(sentence).format(country=country_name(error.country))
    return code, _(sentence)


def _country_unknown(stale: bool) -> str:
    if stale:
        return _(
            "The list of countries in this program is too old to tell where the server stands. Nothing was sent."
            " Update ongemerkt."
        )
    return _(
        "Nobody can tell in which country the server stands. Nothing was sent to it. To allow it all the same:"
        " ongemerkt sync country any; when you enrol or join, --country any."
    )
