"""The tests' own servers: a test that leans on them must be able to trust them."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import time

import pytest

from tests.services import RedisServer, SiteServer, TcpProxy, free_port, postgres_server, redis_server, wait_until


def ask(port: int, path: str = "/", headers: dict[str, str] | None = None, timeout: float = 5) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("localhost", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_redis_comes_back_on_its_port_after_a_kill() -> None:
    with redis_server() as redis:
        port = redis.port

        redis.kill()
        assert not is_open(port)

        redis.restart()
        assert is_open(port)
    assert not is_open(port)


def test_postgres_keeps_what_was_committed_over_a_kill() -> None:
    import psycopg

    with postgres_server() as postgres:
        postgres.execute("CREATE TABLE kept (id int)", database="livechat")
        postgres.execute("INSERT INTO kept VALUES (1)", database="livechat")

        postgres.kill()
        postgres.restart()

        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]
        folder = postgres.folder
    assert not folder.exists()


def test_a_service_dies_with_the_process_that_started_it() -> None:
    port = free_port()
    code = (
        "import os, signal\n"
        "from tests.services import redis_server\n"
        f"print(redis_server(port={port}).start().folder, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    folder = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True).stdout.strip()

    wait_until(lambda: not is_open(port), what="the orphan to die")
    # Its folder is all that such an end leaves.
    shutil.rmtree(folder)


@pytest.fixture
def echo() -> RedisServer:  # type: ignore[misc]
    """A server that answers a line at once; Redis does."""
    with redis_server() as server:
        yield server


def ping(connection: socket.socket) -> bytes:
    connection.sendall(b"PING\r\n")
    return connection.recv(16)


def test_a_paused_network_says_nothing_and_then_says_everything(echo: RedisServer) -> None:
    with (
        TcpProxy(echo.port) as network,
        socket.create_connection(("127.0.0.1", network.port), timeout=0.3) as connection,
    ):
        assert ping(connection) == b"+PONG\r\n"

        network.pause()
        with pytest.raises(TimeoutError):
            ping(connection)

        network.resume()
        connection.settimeout(5)
        assert connection.recv(16) == b"+PONG\r\n"


def test_a_cut_network_resets_what_is_open_and_takes_new_connections(echo: RedisServer) -> None:
    with TcpProxy(echo.port) as network:
        with socket.create_connection(("127.0.0.1", network.port), timeout=5) as connection:
            ping(connection)
            network.cut()
            with pytest.raises(ConnectionResetError):
                connection.recv(16)

        with socket.create_connection(("127.0.0.1", network.port), timeout=5) as connection:
            assert ping(connection) == b"+PONG\r\n"


def test_a_refusing_network_refuses_until_it_is_resumed(echo: RedisServer) -> None:
    with TcpProxy(echo.port) as network:
        network.refuse()
        with (
            pytest.raises(ConnectionError),
            socket.create_connection(("127.0.0.1", network.port), timeout=5) as connection,
        ):
            ping(connection)
            raise ConnectionError("an empty answer is a refusal too")

        network.resume()
        with socket.create_connection(("127.0.0.1", network.port), timeout=5) as connection:
            assert ping(connection) == b"+PONG\r\n"


@pytest.mark.browser
def test_the_demo_is_served_and_comes_back_after_a_kill(demo_site: SiteServer) -> None:
    status, body = ask(demo_site.port)
    assert status == 200
    assert b"Norrgran" in body

    demo_site.kill()
    started = time.monotonic()
    demo_site.restart()

    assert ask(demo_site.port)[0] == 200
    assert time.monotonic() - started < 20


@pytest.mark.browser
def test_a_blocked_websocket_is_refused_while_pages_go_through(demo_site: SiteServer) -> None:
    with TcpProxy(demo_site.port) as network:
        network.block_websockets()

        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "x" * 24,
        }
        assert ask(network.port, "/livechat/", upgrade)[0] == 400
        assert network.websockets_refused == 1
        assert ask(network.port)[0] == 200
