"""A TCP proxy that plays the network: it can go silent, break, refuse, and let no WebSocket through.

    with TcpProxy(site.port) as proxy:
        page.goto(proxy.url)
        proxy.pause()              # packets vanish, nobody is told (a lost network)
        proxy.resume()
        proxy.cut()                # every connection is reset; new ones work
        proxy.refuse()             # every connection is reset and new ones are refused at once
        proxy.resume()
        proxy.block_websockets()   # an Upgrade request gets a 400, as from an old corporate proxy
        proxy.allow_websockets()

It runs in a thread with a loop of its own, so synchronous and asynchronous tests use it alike.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Self

from tests.services.process import free_port

_REFUSAL = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time to linger: close() sends RST


class TcpProxy:
    def __init__(self, upstream_port: int, *, port: int | None = None) -> None:
        self.upstream_port = upstream_port
        self.port = port or free_port()
        self.connections_made = 0
        self.websockets_refused = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="tcp-proxy", daemon=True)
        self._ready = threading.Event()
        self._flowing: asyncio.Event
        self._refusing = False
        self._blocking_websockets = False
        self._delay = 0.0
        self._open: set[asyncio.StreamWriter] = set()
        self._stop: asyncio.Event

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def connections_open(self) -> int:
        """Sockets on the client's side that are open now."""
        return len(self._open) // 2

    # What a test says.

    def pause(self) -> None:
        """Let nothing through in either direction; connections stay open, and new ones are taken and left alone."""
        self._call(lambda: self._flowing.clear())

    def resume(self) -> None:
        """Let everything through again: what was held back goes on its way, as TCP would send it again."""
        self._call(self._resume)

    def cut(self) -> None:
        """Reset every open connection. New ones work."""
        self._call(self._cut)

    def refuse(self) -> None:
        """Reset every open connection and every new one, until `resume()`."""
        self._call(self._refuse)

    def block_websockets(self) -> None:
        """Answer every request to upgrade with 400 from now on, and reset what is open."""

        def block() -> None:
            self._blocking_websockets = True
            self._cut()

        self._call(block)

    def allow_websockets(self) -> None:
        self._call(lambda: setattr(self, "_blocking_websockets", False))

    def delay(self, seconds: float) -> None:
        """Hold every packet for so long, in both directions."""
        self._call(lambda: setattr(self, "_delay", seconds))

    # Its life.

    def start(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("The proxy did not start.")
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    # How it is done; all below runs in the proxy's own loop.

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._stop = asyncio.Event()
        # "localhost" is ::1 first in some browsers, so both families are served where there is an IPv6.
        servers = [await asyncio.start_server(self._handle, "127.0.0.1", self.port)]
        with contextlib.suppress(OSError):
            servers.append(await asyncio.start_server(self._handle, "::1", self.port))
        self._ready.set()
        await self._stop.wait()
        for server in servers:
            server.close()
        self._cut()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _call(self, action: Callable[[], None]) -> None:
        """Run `action` in the loop and return when it is done, so that the test's next line sees it."""
        done = threading.Event()

        def run() -> None:
            try:
                action()
            finally:
                done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(10)

    def _resume(self) -> None:
        self._refusing = False
        self._flowing.set()

    def _refuse(self) -> None:
        self._refusing = True
        self._cut()

    def _cut(self) -> None:
        for writer in list(self._open):
            self._reset(writer)
        self._open.clear()

    @staticmethod
    def _reset(writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, AttributeError):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        writer.transport.abort()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections_made += 1
        if self._refusing:
            self._reset(writer)
            return
        self._open.add(writer)
        upstream: asyncio.StreamWriter | None = None
        try:
            head = await reader.read(65536)
            await self._flowing.wait()
            if self._blocking_websockets and b"upgrade: websocket" in head.lower():
                self.websockets_refused += 1
                writer.write(_REFUSAL)
                await writer.drain()
                return
            upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", self.upstream_port)
            self._open.add(upstream)
            upstream.write(head)
            await upstream.drain()
            await asyncio.gather(self._pipe(reader, upstream), self._pipe(upstream_reader, writer))
        except OSError:
            self._reset(writer)
        finally:
            for end in (writer, upstream):
                if end is not None:
                    self._open.discard(end)
                    end.close()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            if self._delay:
                await asyncio.sleep(self._delay)
            await self._flowing.wait()
            writer.write(chunk)
            await writer.drain()
        # The end of the stream travels too, but not while the network is "gone".
        await self._flowing.wait()
        with contextlib.suppress(OSError):
            if writer.can_write_eof():
                writer.write_eof()
