"""The ASGI application: every route of the protocol in one list (docs/spec/sync-protocol.md section 8)."""

from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync import protocol
from sync.server import unsigned
from sync.server.exchange import ALWAYS, refused
from sync.server.refusals import Refusal
from sync.server.requests import SIGNED
from sync.server.service import Service
from sync.server.signed import SignedEndpoint

OPEN: Final = (
    ("POST", protocol.NONCES_PATH, unsigned.nonces, True),
    ("POST", protocol.OFFERS, unsigned.offers, True),
    ("POST", protocol.ACCOUNTS, unsigned.enrol, True),
    # whoever watches over several nodes must not take one for dead because strangers ask much
    ("GET", protocol.HEALTH, unsigned.health, False),
    ("GET", protocol.OPENAPI, unsigned.openapi, True),
    ("GET", protocol.GLASS, unsigned.glass, True),
    ("GET", "/", unsigned.page, True),
)


def build(service: Service) -> Starlette:
    """The application for one server process."""
    routes = [Route(one.path, SignedEndpoint(service, one), methods=[one.method]) for one in SIGNED]
    for method, path, answering, counted in OPEN:
        routes.append(Route(path, unsigned.OpenEndpoint(service, answering, counted=counted), methods=[method]))
    app = Starlette(routes=routes, exception_handlers={404: _unknown_path, 405: _unknown_method})
    app.router.redirect_slashes = False
    return app


async def _unknown_path(_request: Request, _error: Exception) -> Response:
    return _as_response("not-found")


async def _unknown_method(_request: Request, error: Exception) -> Response:
    response = _as_response("method")
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _as_response(name: str) -> Response:
    reply = refused(Refusal(name))
    return Response(reply.body, reply.status, headers=dict(ALWAYS), media_type=reply.media)
