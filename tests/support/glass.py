"""Numbers for the glass page, and a small server of it that remembers what it was asked for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from sync.server import glass
from sync.server.storage.contract import Numbers

USUAL = Numbers({0: 1, 256: 7, 512: 2, 2048: 1}, 17, 322, 442, 41_234_567)
"""A bureau; month 322 is November 2026."""
ALONE = Numbers({256: 1}, 1, 324, 444, 1_063_000)
"""One coach, in a January."""
NOBODY = Numbers({}, 0, 0, 0, 0)
CROWD = Numbers({0: 12, **{256 << size: 8_888 for size in range(11)}}, 88_888, 322, 442, 888_888_888_888_888)
"""More than any server will hold: the longest figures."""
ALL = {"usual": USUAL, "alone": ALONE, "nobody": NOBODY, "crowd": CROWD}


class Served:
    """Where the page is, and the path and header names and values of every request that came."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []


@contextmanager
def serve(numbers: Numbers, put: str = "") -> Iterator[Served]:
    """The page as the real server gives it; `put` is slipped in before the end, as an attacker would."""
    served: Served

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            served.headers.append({name.lower(): value for name, value in self.headers.items()})
            parts = urlsplit(self.path)
            if parts.path == "/v1/glass":
                body, kind = json.dumps(glass.figures(numbers)), "application/json"
            elif parts.path == "/":
                lang = parse_qs(parts.query).get("lang", ["nl"])[0]
                body, kind = glass.page(numbers, lang).replace("</body>", put + "</body>"), "text/html; charset=utf-8"
            else:
                self.send_error(404)
                return
            self.send_response(200)
            for name, value in {**glass.HEADERS, "Content-Type": kind}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Served(f"http://127.0.0.1:{server.server_port}/")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
