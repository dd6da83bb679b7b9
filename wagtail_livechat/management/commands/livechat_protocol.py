"""Write what is derived from protocol.py: the reference page and the TypeScript types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wagtail_livechat import schema

PACKAGE = Path(schema.__file__).resolve().parent
REPOSITORY = PACKAGE.parent


def files() -> dict[Path, str]:
    """Each derived file with the text that it should have."""
    return {
        REPOSITORY / "docs" / "reference" / "protocol.md": schema.reference_page(),
        PACKAGE / "client" / "shared" / "protocol.ts": schema.typescript(),
    }


class Command(BaseCommand):
    help = "Writes docs/reference/protocol.md and client/shared/protocol.ts from protocol.py (for those who change the package)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; exit with 1 if a file is stale.")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        for path, text in files().items():
            name = path.relative_to(REPOSITORY)
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            if options["check"]:
                stale.append(str(name))
                continue
            if not path.parent.is_dir():
                raise CommandError(f"{name.parent} is not here: run this in a checkout of the repository.")
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"Wrote {name}.")
        if stale:
            raise CommandError(
                f"Stale: {', '.join(stale)}. Run `manage.py livechat_protocol` and commit what it writes.", returncode=1
            )
        if options["check"]:
            self.stdout.write("What is derived from protocol.py is up to date.")
