"""The OpenAPI document names every route and nothing else, and the server does as it says (sync section 8)."""

import json
import secrets
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from starlette.routing import Route

from sync import protocol
from sync.server import app, keys
from sync.server.openapi import document
from sync.server.refusals import STATUSES
from sync.server.requests import ENROL_BODY
from tests.support.device import Device, Line, enrolled
from tests.support.memory_storage import MemoryStorage
from tests.support.server import InThread, server_in_thread

EXACT = {protocol.OFFERS: protocol.OFFER_ID, protocol.ACCOUNTS: ENROL_BODY}
schema = schemathesis.openapi.from_dict(document())


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as found:
        yield found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InThread]:
    # a clock that runs fast: no rate stands in the way of the many requests of this file
    ticks = count(0.0, 1000.0)
    folder = tmp_path_factory.mktemp("described")
    with server_in_thread(folder, storage=MemoryStorage(), seconds=lambda: next(ticks)) as server:
        yield server


@pytest.fixture(scope="module")
def asker(served: InThread) -> Iterator[Device]:
    with enrolled(served) as device:
        yield device


def test_every_route_is_described_and_nothing_else(served: InThread) -> None:
    routes = {
        (route.path, method.lower())
        for route in app.build(served.service).routes
        if isinstance(route, Route)
        for method in route.methods or ()
        # Starlette answers HEAD wherever it answers GET
        if method != "HEAD"
    }
    described = {(path, method) for path, methods in document()["paths"].items() for method in methods}
    assert routes == described


def test_it_is_served_as_it_is(served: InThread) -> None:
    with Line(served) as line:
        answered = line.ask("GET", protocol.OPENAPI)
        assert json.loads(answered.body) == document()
        assert answered.headers["content-type"] == "application/json"


def test_every_error_has_the_status_of_the_specification() -> None:
    text = (Path(__file__).parents[2] / "docs/spec/sync-protocol.md").read_text("utf-8")
    table = text.partition("### 8.3")[2].partition("### 8.4")[0]
    stated: dict[str, int] = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 3 and cells[0][:1].isdigit():
            stated.update(zip(cells[1].replace("`", "").split(", "), _statuses(cells), strict=True))
    assert stated == STATUSES


def _statuses(cells: list[str]) -> list[int]:
    names, statuses = cells[1].split(", "), [int(status) for status in cells[0].split(", ")]
    return statuses if len(statuses) == len(names) else statuses * len(names)


def octets_of(case: Case[Any]) -> bytes | None:
    """The body of a made-up request."""
    found = getattr(case.body, "data", case.body)
    return found if isinstance(found, bytes) else None


@schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_answers_strangers_as_described(
    case: Case[Any], served: InThread, session: requests.Session
) -> None:
    """Made-up requests, right and wrong in every part: each answer has a status, a type and a form of the document."""
    if octets_of(case) is not None and case.operation.path in EXACT:
        # JSON Schema has no words for the length of octets, so what it takes for right would be refused
        case.body = secrets.token_bytes(EXACT[case.operation.path])
    certificate = str(served.folder / keys.TLS_CERT)
    case.call_and_validate(base_url=served.url, session=session, verify=certificate, timeout=30)


@schema.include(method=["POST", "PUT"]).parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_answers_devices_as_described(case: Case[Any], asker: Device) -> None:
    """The same with a right signature, so that what is behind it is reached."""
    answered = asker.ask(case.method, case.formatted_path, octets_of(case) or secrets.token_bytes(8))
    described = document()["paths"][case.operation.path].get(case.method.lower(), {"responses": {"405"}})["responses"]
    assert str(answered.status) in described, answered
    if answered.status >= 400 and answered.status != 403:
        assert answered.error in STATUSES
        assert STATUSES[answered.error] == answered.status
