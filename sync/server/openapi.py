"""The description of the requests as OpenAPI 3.1 (docs/spec/sync-protocol.md section 8); a test compares it with the
routes, and schemathesis compares it with the server."""

from typing import Any, Final

from sync import protocol
from sync.server.refusals import STATUSES
from sync.server.requests import ENROL_BODY, SIGNED

_HEX_DEVICE: Final = "^[0-9a-f]{16}$"
_SIGNED_NAMES: Final = ("malformed", "nonce", "signature", "removed", "slow-down", "internal", "stopping")
_OPEN_NAMES: Final = ("malformed", "slow-down", "internal", "stopping")
_BODY_NAMES: Final = ("length", "too-large", "media-type")

_SUMMARIES: Final = {
    protocol.STATE: ("The month, the shares, the head, and the pages that differ from those named.", ()),
    protocol.FETCH: ("Boxes of slots, by number.", ("conflict", "refused")),
    protocol.COMMIT: ("A new head with its pages and slots: everything or nothing.", ("conflict", "refused", "full")),
    protocol.POOLS: ("Consecutive slots of a new generation.", ("conflict", "refused", "full")),
    protocol.DEVICES: ("One more device, and the offer that it will take.", ("conflict",)),
    protocol.REMOVE: ("Puts a device out; from then on it gets its notice.", ("not-found",)),
    protocol.LEAVE: ("Forgets the device, with the last one the account.", ()),
}
"""Of the signed requests: what they do, and the errors besides those that all of them have."""
_LEAST: Final = {
    protocol.STATE: 28,
    protocol.FETCH: 12,
    protocol.COMMIT: protocol.NONCE + protocol.HEAD + 8,
    protocol.POOLS: protocol.SLOT_BOX,
    protocol.DEVICES: protocol.KEY + protocol.OFFER_ID + protocol.OFFER_BOX,
    protocol.REMOVE: protocol.DEVICE + protocol.NOTICE,
    protocol.LEAVE: 0,
}
"""The shortest body of each, in bytes."""
_NO_CONTENT: Final = (protocol.POOLS, protocol.REMOVE, protocol.LEAVE)


def document() -> dict[str, Any]:
    """The whole description."""
    paths: dict[str, Any] = {}
    for request in SIGNED:
        short = request.path.partition("/{")[0]
        paths[request.path] = {request.method.lower(): _signed(short, request.most)}
    paths |= _open()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ongemerkt-server",
            "version": str(protocol.VERSION),
            "summary": "Keeps equal boxes of random-looking bytes for devices, and nothing that could open one.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "paths": paths,
        "components": {
            "headers": {"NextNonce": {"description": "Good once, for this device.", "schema": _nonce()}},
            "schemas": {"Error": _error_schema()},
        },
    }


def _signed(path: str, most: int) -> dict[str, Any]:
    summary, more = _SUMMARIES[path]
    status = "204" if path in _NO_CONTENT else "201" if path == protocol.DEVICES else "200"
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": [*_signature_headers(), *(_pool_parameters() if path == protocol.POOLS else [])],
        "responses": {
            status: _octets("Done.") if status == "200" else {"description": "Done."},
            **_errors(*_SIGNED_NAMES, *more, *_BODY_NAMES),
        },
    }
    operation["responses"]["403"] = _octets("The device was removed: its notice.")
    for response in operation["responses"].values():
        response["headers"] = {protocol.NEXT_NONCE: {"$ref": "#/components/headers/NextNonce"}}
    if most:
        operation["requestBody"] = _body(_LEAST[path], most)
    return operation


def _open() -> dict[str, Any]:
    ok = {"type": "object", "required": ["status"], "properties": {"status": {"const": "ok"}}}
    nonces = {"type": "array", "items": _nonce(), "minItems": protocol.NONCES, "maxItems": protocol.NONCES}
    listed = {"type": "object", "required": ["nonces"], "properties": {"nonces": nonces}}
    return {
        protocol.NONCES_PATH: {
            "post": {
                "summary": "Nonces for a device; for one that isn't known they never fit.",
                "parameters": [_parameter("query", "device", {"type": "string", "pattern": _HEX_DEVICE})],
                "responses": {"200": _json("Nonces.", listed), **_errors(*_OPEN_NAMES, "length", "too-large")},
            }
        },
        protocol.OFFERS: {
            "post": {
                "summary": "An offer, once.",
                "requestBody": _body(protocol.OFFER_ID, protocol.OFFER_ID),
                "responses": {
                    "200": _octets("The offer; it is gone now."),
                    **_errors(*_OPEN_NAMES, *_BODY_NAMES, "not-found"),
                },
            }
        },
        protocol.ACCOUNTS: {
            "post": {
                "summary": "A new account by an invitation, signed by the key that it brings.",
                "parameters": _signature_headers(),
                "requestBody": _body(ENROL_BODY, ENROL_BODY),
                "responses": {
                    "201": _octets("The key that signs the server's receipts."),
                    **_errors(*_OPEN_NAMES, *_BODY_NAMES, "signature", "not-found", "conflict"),
                },
            }
        },
        protocol.HEALTH: _get("Whether this process can serve.", _json("It can.", ok), "internal", "stopping"),
        protocol.OPENAPI: _get("This description.", _json("It.", {"type": "object"}), *_OPEN_NAMES),
        protocol.GLASS: _get("What this server knows.", _json("Numbers.", {"type": "object"}), *_OPEN_NAMES),
        "/": _page(),
    }


def _page() -> dict[str, Any]:
    html = {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}}
    operation = _get("What this server knows, for people.", html, *_OPEN_NAMES)
    about = {"required": False, "description": "nl or en; anything else is as if it were left out."}
    operation["get"]["parameters"] = [_parameter("query", "lang", {"type": "string"}) | about]
    return operation


def _get(summary: str, answer: dict[str, Any], *names: str) -> dict[str, Any]:
    return {"get": {"summary": summary, "responses": {"200": answer, **_errors(*names)}}}


def _signature_headers() -> list[dict[str, Any]]:
    params = ';keyid="[0-9a-f]{16}";nonce="[A-Za-z0-9_-]{22}";alg="ed25519";tag="ongemerkt"$'
    components = r'^sig=\("@method" "@authority" "@path" "@query" "content-digest"\)'
    return [
        _parameter("header", "Content-Digest", {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"}),
        _parameter("header", "Signature-Input", {"type": "string", "pattern": components + params}),
        _parameter("header", "Signature", {"type": "string", "pattern": "^sig=:[A-Za-z0-9+/]{86}==:$"}),
    ]


def _pool_parameters() -> list[dict[str, Any]]:
    generation = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
    start = {"type": "integer", "minimum": 0, "maximum": protocol.POOL_MOST - 1}
    pools = [1 << bits for bits in range(protocol.POOL_LEAST.bit_length() - 1, protocol.POOL_MOST.bit_length())]
    return [
        _parameter("path", "generation", generation),
        _parameter("query", "pool", {"type": "integer", "enum": pools}),
        _parameter("query", "from", start),
    ]


def _parameter(place: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": place, "name": name, "required": True, "schema": schema}


def _body(least: int, most: int) -> dict[str, Any]:
    about = f"{least} bytes." if least == most else f"{least} to {most} bytes."
    return {"required": True, "description": about, "content": {protocol.OCTETS: {"schema": _bytes()}}}


def _octets(description: str) -> dict[str, Any]:
    return {"description": description, "content": {protocol.OCTETS: {"schema": _bytes()}}}


def _bytes() -> dict[str, Any]:
    return {"type": "string", "format": "binary"}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _nonce() -> dict[str, Any]:
    return {"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$"}


def _errors(*names: str) -> dict[str, Any]:
    """Responses by status; names that share one stand in its description together."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(str(STATUSES[name]), []).append(name)
    schema = {"$ref": "#/components/schemas/Error"}
    return {status: _json(" or ".join(names), schema) for status, names in sorted(found.items())}


def _error_schema() -> dict[str, Any]:
    names = sorted(STATUSES)
    return {
        "type": "object",
        "required": ["error"],
        "additionalProperties": False,
        "properties": {"error": {"enum": names}},
    }
