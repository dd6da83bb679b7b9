"""A WebSocket client that costs next to nothing, so that the load generator takes little from who is measured.

Text frames to and fro, ping answered, nothing else: no fragments (servers here send none), no extensions. The mask is
zero, which is a mask like any other to the server and spares us the work.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit


class Refused(Exception):
    """The handshake was not answered with 101."""


class Wire(asyncio.Protocol):
    """One socket. ``on_text`` is called with each text frame, as it arrives; ``on_close`` once, at the end."""

    def __init__(self, on_text: Callable[[bytes], None], on_close: Callable[[int], None]) -> None:
        self.on_text = on_text
        self.on_close = on_close
        self.transport: asyncio.Transport | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.close_code = 1006
        self._buffer = b""
        self._fragments = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(Refused("The connection ended during the handshake."))
            self.opened.exception()
        self.transport = None
        self.on_close(self.close_code)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        if not self.opened.done():
            head, found, buffer = buffer.partition(b"\r\n\r\n")
            if not found:
                self._buffer = head
                return
            status = head.split(b"\r\n", 1)[0]
            if b" 101 " not in status:
                self.opened.set_exception(Refused(status.decode("latin-1")))
                self.opened.exception()
                self.close()
                return
            self.opened.set_result(None)
        at, size = 0, len(buffer)
        while size - at >= 2:
            first, length, head = buffer[at], buffer[at + 1], 2
            if length == 126:
                head = 4
                length = int.from_bytes(buffer[at + 2 : at + 4], "big") if size - at >= 4 else size
            elif length == 127:
                head = 10
                length = int.from_bytes(buffer[at + 2 : at + 10], "big") if size - at >= 10 else size
            if size - at < head + length:
                break
            payload = buffer[at + head : at + head + length]
            at += head + length
            self._frame(first, payload)
        self._buffer = buffer[at:]

    def _frame(self, first: int, payload: bytes) -> None:
        opcode = first & 15
        if opcode <= 1:
            if first & 128 and not self._fragments:
                self.on_text(payload)
            else:
                self._fragments += payload
                if first & 128:
                    whole, self._fragments = self._fragments, b""
                    self.on_text(whole)
        elif opcode == 9:
            self._write(10, payload)
        elif opcode == 8:
            self.close_code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
            self._write(8, payload[:2])
            self.close()

    def _write(self, opcode: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = bytes((128 | opcode, 128 | size))
        elif size < 65536:
            head = bytes((128 | opcode, 254)) + size.to_bytes(2, "big")
        else:
            head = bytes((128 | opcode, 255)) + size.to_bytes(8, "big")
        if self.transport is not None:
            self.transport.write(head + b"\0\0\0\0" + payload)

    def send(self, text: bytes) -> None:
        """Send a text frame; nothing happens if the socket is gone."""
        self._write(1, text)

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()


async def connect(
    url: str,
    on_text: Callable[[bytes], None],
    on_close: Callable[[int], None],
    headers: Mapping[str, str] | None = None,
) -> Wire:
    """An open socket. Raises OSError, Refused or TimeoutError."""
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(8):
        _, wire = await loop.create_connection(lambda: Wire(on_text, on_close), "127.0.0.1", parts.port)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = {
            "Host": parts.netloc,
            "Origin": f"http://{parts.netloc}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
            **(headers or {}),
        }
        request = f"GET {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        assert wire.transport is not None
        wire.transport.write(request.encode("latin-1") + b"\r\n")
        try:
            await wire.opened
        except BaseException:
            wire.close()
            raise
    return wire
