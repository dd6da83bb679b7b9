"""The example site under test.

SQLite in a file by default; with LIVECHAT_TEST_DB=postgres a PostgreSQL of one's own, started by whoever
imports this first and shared with the workers of pytest-xdist through the environment.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from tests.services.process import scratch_folder

if "DEMO_VAR" not in os.environ:
    # Workers of pytest-xdist inherit it; tests/conftest.py removes it.
    os.environ["DEMO_VAR"] = str(scratch_folder("tests"))
_var = Path(os.environ["DEMO_VAR"])
# The shell's own database and Redis are none of the tests' business.
os.environ.pop("REDIS_URL", None)
os.environ.pop("DATABASE_URL", None)

if os.environ.get("LIVECHAT_TEST_DB") == "postgres":
    if "LIVECHAT_TEST_DATABASE_URL" not in os.environ:
        from tests.services import kept_postgres

        # Stopped at exit, by the service itself.
        os.environ["LIVECHAT_TEST_DATABASE_URL"] = kept_postgres().start().url
    os.environ["DATABASE_URL"] = os.environ["LIVECHAT_TEST_DATABASE_URL"]

from example_site.settings import *  # noqa: E402, F403
from example_site.settings import DATABASES, INSTALLED_APPS  # noqa: E402

# Translators' own tool, beside Wagtail's simple translation: the helpdesk's content has to suit both.
if find_spec("wagtail_localize"):
    INSTALLED_APPS = ["wagtail_localize", *INSTALLED_APPS]

# Threads and processes of a test need one database between them, so never SQLite's in-memory one.
DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"]["NAME"] = str(_var / "test.sqlite3")

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Nothing is served from files under a test client, and scanning them costs a second per client.
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = True
