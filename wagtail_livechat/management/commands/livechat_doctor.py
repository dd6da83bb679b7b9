from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wagtail_livechat import doctor
from wagtail_livechat.actions import letters

MARKS = {doctor.OK: "ok     ", doctor.WARNING: "look at", doctor.PROBLEM: "WRONG  ", doctor.UNKNOWN: "unknown"}


class Command(BaseCommand):
    help = "Say what is wrong with the installation of the live chat, and what to do. Exit code 1 if something is."
    # What it looks at says it in sentences of its own.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="A list of objects, for machines.")
        parser.add_argument("--strict", action="store_true", help="Exit code 1 for what is only to be looked at, too.")
        parser.add_argument("--mail", metavar="ADDRESS", help="Have a test letter sent to this address.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["mail"]:
            letters.queue_test(options["mail"], "")
            letters.send_due()
        results = doctor.examine()
        if options["json"]:
            self.stdout.write(json.dumps([result.as_dict() for result in results], indent=2, ensure_ascii=False))
        else:
            for result in results:
                self.stdout.write(f"{MARKS[result.state]}  {result.title}: {result.sentence}")
                if result.remedy:
                    self.stdout.write(f"         -> {result.remedy}")
            self.stdout.write("Whether WebSockets get through to a browser is seen under Live chat > Installation.")
        worst = doctor.worst(results)
        if worst == doctor.PROBLEM or (options["strict"] and worst != doctor.OK):
            sys.exit(1)
