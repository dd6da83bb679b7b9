from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Site

from ...actions import rollup
from ...periods import Period


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date such as 2026-11-27") from None


class Command(BaseCommand):
    help = "Count the conversations of days that are over, for the statistics. Safe to run at any time, and twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", type=day, metavar="YYYY-MM-DD", help="Not before this day.")
        parser.add_argument("--to", dest="last", type=day, metavar="YYYY-MM-DD", help="Not after this day.")
        parser.add_argument(
            "--rebuild", action="store_true", help="Also days that are counted and have not changed since."
        )
        parser.add_argument("--site", metavar="HOSTNAME", help="Of this site alone.")

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = options["first"] or date.min, options["last"] or date.max
        if first > last:
            raise CommandError(f"{first} is after {last}.")
        sites = None
        if options["site"]:
            sites = list(Site.objects.filter(hostname=options["site"]).values_list("pk", flat=True))
            if not sites:
                known = ", ".join(Site.objects.order_by("hostname").values_list("hostname", flat=True))
                raise CommandError(f"There is no site {options['site']}. There are: {known}.")
        done = rollup.roll_up(period=Period(first, last), site_ids=sites, rebuild=options["rebuild"])
        self.stdout.write(f"days: {done.days}, months: {done.months}")
