from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_livechat.actions.sweep import sweep


class Command(BaseCommand):
    help = "Do what is due: queue conversations of operators who are gone again, end those that fell silent. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        done = sweep()
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items()))
