from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Site

from wagtail_livechat.actions import retention
from wagtail_livechat.models import PrivacySettings


class Command(BaseCommand):
    help = "Remove what was kept as long as each site's privacy settings say. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count what would go.")
        parser.add_argument("--site", metavar="HOSTNAME", help="Of this site alone.")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = PrivacySettings.objects.select_related("site").order_by("site__hostname")
        if options["site"]:
            if not Site.objects.filter(hostname=options["site"]).exists():
                known = ", ".join(Site.objects.order_by("hostname").values_list("hostname", flat=True))
                raise CommandError(f"There is no site {options['site']}. There are: {known}.")
            rows = rows.filter(site__hostname=options["site"])
        if not rows:
            self.stdout.write("Everything is kept for ever: no site has rules. Set them in the admin under Privacy.")
        for rules in rows:
            counts = retention.preview(rules) if options["dry_run"] else retention.purge(rules)
            told = ", ".join(f"{kind}: {count}" for kind, count in counts.items() if count) or "nothing"
            self.stdout.write(f"{rules.site.hostname}: {'would remove ' if options['dry_run'] else 'removed '}{told}")
