"""TLS 1.3 in the program itself, with its own certificate or with files; plain HTTP for a proxy, on loopback only."""

import socket
import ssl
from pathlib import Path

import pytest
import trustme

from sync import protocol
from sync.server import keys, serving
from sync.server.errors import CertificateUnusable, PortBusy
from tests.support.device import Device, Line, enrolled
from tests.support.server import InThread, Running, address_of, invite, keeper, keys_of, make_server, server_process


def connect(port: int, context: ssl.SSLContext) -> ssl.SSLSocket:
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=30), server_hostname="127.0.0.1")


def test_its_own_certificate_is_valid_for_this_machine(server: InThread) -> None:
    context = ssl.create_default_context(cafile=str(server.folder / keys.TLS_CERT))
    with connect(server.port, context) as connection:
        assert connection.version() == "TLSv1.3"


def test_older_tls_is_refused(server: InThread) -> None:
    """Seen to fail without minimum_version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):
        connect(server.port, context)


def test_no_ticket_ties_two_connections_together(server: InThread) -> None:
    """Seen to fail without num_tickets."""
    context = ssl.create_default_context(cafile=str(server.folder / keys.TLS_CERT))
    with connect(server.port, context) as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while connection.recv(4096):
            pass
        session = connection.session
        assert session is None or not session.has_ticket


def test_the_certificate_names_the_url_that_init_was_told(tmp_path: Path) -> None:
    make_server(tmp_path, "--url", "https://sync.example.nl:8443/")
    context = ssl.create_default_context(cafile=str(tmp_path / keys.TLS_CERT))
    with server_process(tmp_path) as process:
        port = int(address_of(process).rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as plain:
            context.wrap_socket(plain, server_hostname="sync.example.nl").close()


@pytest.mark.parametrize(
    "url", ["http://a.nl", "https://", "https://a.nl/path", "https://u@a.nl", "a.nl", "https://a b"]
)
def test_an_address_that_is_none_is_told(tmp_path: Path, url: str) -> None:
    assert keeper("init", "--url", url, folder=tmp_path / "server").returncode == 2


def test_certificate_files_given_to_run_are_served(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    make_server(tmp_path / "server")
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with server_process(tmp_path / "server", "--tls-cert", str(chain), "--tls-key", str(key)) as process:
        connection = connect(int(address_of(process).rpartition(":")[2]), context)
        connection.close()


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    files = []
    for name in ("a", "b"):
        issued = trustme.CA().issue_cert("127.0.0.1")
        (tmp_path / f"{name}.pem").write_bytes(issued.cert_chain_pems[0].bytes())
        (tmp_path / f"{name}.key").write_bytes(issued.private_key_pem.bytes())
        files.append((tmp_path / f"{name}.pem", tmp_path / f"{name}.key"))
    serving.tls_context(*files[0])
    with pytest.raises(CertificateUnusable):
        serving.tls_context(files[0][0], files[1][1])


def test_behind_a_proxy_it_serves_plainly_on_loopback(tmp_path: Path) -> None:
    make_server(tmp_path)
    with server_process(tmp_path, "--behind-proxy") as process:
        url = address_of(process)
        assert url.startswith("http://127.0.0.1:")
        server = Running(url, *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        with enrolled(server) as device:
            assert device.first_commit().status == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.nl"])
def test_behind_a_proxy_it_serves_nowhere_else(tmp_path: Path, host: str) -> None:
    """Seen to fail without the check in run.py: plain HTTP for the whole network."""
    make_server(tmp_path)
    done = keeper("run", "--behind-proxy", "--host", host, "--port", "0", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")


def test_the_name_that_was_asked_for_is_signed(server: InThread) -> None:
    """A request for one server is no request for another, though the key of the device were the same. A proxy must
    pass the name on."""
    with Device(server) as device:
        device.enrol()
        asked = protocol.encode_state_asked(protocol.StateAsked(bytes(16), bytes(8), ()))
        for host, status in (("sync.example.nl", 401), (device.line.authority, 200)):
            headers = device.sign("POST", protocol.STATE, asked, device.fresh_nonce())
            assert device.line.ask("POST", protocol.STATE, asked, headers | {"Host": host}).status == status


def test_it_listens_on_ipv4_and_ipv6_unless_told_otherwise() -> None:
    [every] = serving.listen("", 0)
    with every:
        port = every.getsockname()[1]
        for host in ("127.0.0.1", "::1"):
            socket.create_connection((host, port), timeout=10).close()
        with pytest.raises(PortBusy):
            serving.listen("127.0.0.1", port)


def test_another_servers_certificate_is_another_pin(server: InThread, tmp_path: Path) -> None:
    make_server(tmp_path)
    assert keys_of(tmp_path)[0] != server.pin
    with Line(server) as line:
        assert line.ask("GET", protocol.HEALTH).status == 200
