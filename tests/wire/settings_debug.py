"""The example site with everything at DEBUG in its log, queries too."""

from example_site.settings import *  # noqa: F403

DEBUG = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "DEBUG"},
    # The access log shows addresses; at DEBUG uvicorn would show every frame, which is for whoever debugs uvicorn.
    "loggers": {
        "uvicorn.error": {"level": "INFO"},
        "django": {"level": "DEBUG", "handlers": ["console"], "propagate": False},
    },
}
