"""Where a visitor's words could come out: every page of the admin that leads somewhere, every table, every file, Redis."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.services import RedisServer, SiteServer

# Of the chat, and what Wagtail tells of it. Nothing that changes anything is a link to follow.
_OURS = re.compile(
    r"^/admin/(livechat|help|reports|snippets/wagtail_livechat|settings/wagtail_livechat|livechat-)[^\s]*$"
)
_NOT = re.compile(r"/(delete|logout|events|commands|copy|unpublish|preview)[/?]|/livechat/files/")
_LINK = re.compile(r"""(?:href=|"url":\s*|"href":\s*)["'](/admin/[^"']*|\?[^"']*)["']""")
_SORTING = re.compile(r"[?&](ordering|o|p|page|sort)=")


async def admin_pages(get: Callable[[str], Awaitable[Any]], *starts: str, most: int = 150) -> dict[str, str]:
    """Every page and export of the chat's that can be come to by links from ``starts``: its address -> its text."""
    found: dict[str, str] = {}
    waiting, known = deque(starts), set(starts)
    while waiting and len(found) < most:
        address = waiting.popleft()
        answer = await get(address)
        assert answer.status_code < 500, f"{address}: {answer.status_code}"
        found[address] = text_of(answer.content) + str(answer.headers.get("Content-Disposition", ""))
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        for link in map(html.unescape, _LINK.findall(found[address])):
            link = (address.partition("?")[0] + link if link.startswith("?") else link).partition("#")[0]
            if link not in known and _OURS.match(link) and not _NOT.search(link) and not _SORTING.search(link):
                known.add(link)
                waiting.append(link)
    return found


def text_of(content: bytes) -> str:
    """As text; of a spreadsheet what is in its sheets."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return content.decode("utf-8", "replace")


def stored(site: SiteServer) -> str:
    """Every row of every table, the index of the search too."""
    if site.database_url.startswith("sqlite"):
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    return "\n".join(
        f"{name}: {site.query(f'SELECT * FROM {chr(34)}{name}{chr(34)}')}" for (name,) in site.query(names)
    )


def files(folder: Path, *, besides: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Every file in a site's folder, the database's too: what was removed may still be in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in besides
    }


def everything_in(redis: RedisServer) -> str:
    import redis as client

    store = client.Redis.from_url(redis.url)
    values = []
    for key in store.scan_iter():
        values.append(repr(key))
        if store.type(key) == b"string":
            values.append(repr(store.get(key)))
        elif store.type(key) == b"zset":
            values.append(repr(store.zrange(key, 0, -1)))
        elif store.type(key) == b"hash":
            values.append(repr(store.hgetall(key)))
        elif store.type(key) == b"list":
            values.append(repr(store.lrange(key, 0, -1)))
    return "\n".join(values)
