"""What the server does by itself: it destroys shares whose month has ended, and drops what is past its day."""

import asyncio

from sync.server.service import Service

LOOK_SECONDS = 900
"""How often it looks whether another day has come; a share outlives its month by no more than this."""


async def run(service: Service, dormant_months: int) -> None:
    """At the start and once every day, until it is cancelled."""
    done = None
    while True:
        day = service.day
        if day != done and await _done(service, dormant_months):
            done = day
        await asyncio.sleep(LOOK_SECONDS)


async def _done(service: Service, dormant_months: int) -> bool:
    """Whether it could be done; if the database is away it is tried again."""
    try:
        await service.in_thread(
            service.storage.purge, month=service.month, day=service.day, dormant_months=dormant_months
        )
    except Exception as error:  # noqa: BLE001 - a chore that fails must not end the server
        service.fault(error)
        return False
    return True
