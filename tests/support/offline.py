"""The program as tests.support.program runs it, where any use of the network ends it with exit code 97."""

import os
import sys
from typing import Any

from tests.support.program import run

USED = 97


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        os._exit(USED)


if __name__ == "__main__":
    sys.addaudithook(_refuse)
    sys.exit(run(sys.argv[1:]))
