"""Real servers for tests and benchmarks, started on free ports in temporary folders.

Plain Python, no Django: a benchmark, a test and a shell may all use it.

    with postgres_server() as pg, redis_server() as redis, site_server(database_url=pg.url, redis_url=redis.url) as site:
        ...
        site.kill()      # SIGKILL, as when the power goes
        site.restart()   # the same port, the same data

Every service has `port`, `url`, `is_running`, `start()`, `stop()`, `kill()`, `restart()` and is a context
manager. Whatever is still running when Python ends is stopped; on Linux it dies even when Python is killed.
"""

from tests.services.chromium import CHROMIUM_FLAGS, chromium_path
from tests.services.postgres import PostgresServer, postgres_server
from tests.services.process import MissingServer, Service, ServiceFailed, free_port, scratch_folder, wait_until
from tests.services.proxy import TcpProxy
from tests.services.redis import RedisServer, redis_server
from tests.services.site import SiteServer, site_server
from tests.services.templates import copy_of, kept_postgres, migrated_template, seeded_template

__all__ = [
    "CHROMIUM_FLAGS",
    "MissingServer",
    "PostgresServer",
    "RedisServer",
    "Service",
    "ServiceFailed",
    "SiteServer",
    "TcpProxy",
    "chromium_path",
    "copy_of",
    "free_port",
    "kept_postgres",
    "migrated_template",
    "postgres_server",
    "redis_server",
    "scratch_folder",
    "seeded_template",
    "site_server",
    "wait_until",
]
