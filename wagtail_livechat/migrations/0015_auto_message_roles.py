"""Managers and administrators edit auto-messages."""

from django.db import migrations

from wagtail_livechat.migrations._grants import grant

MESSAGES = [
    ("automessage", f"{verb}_automessage", f"Can {verb} auto-message") for verb in ("add", "change", "delete", "view")
]
GRANTS = {"Live chat managers": MESSAGES, "Live chat administrators": MESSAGES}


class Migration(migrations.Migration):
    dependencies = [("wagtail_livechat", "0014_auto_messages")]

    operations = [grant(GRANTS)]
