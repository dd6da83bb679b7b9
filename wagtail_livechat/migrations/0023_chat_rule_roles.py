"""Managers and administrators edit chat rules."""

from django.db import migrations

from wagtail_livechat.migrations._grants import grant

RULES = [("chatrule", f"{verb}_chatrule", f"Can {verb} chat rule") for verb in ("add", "change", "delete", "view")]
GRANTS = {"Live chat managers": RULES, "Live chat administrators": RULES}


class Migration(migrations.Migration):
    dependencies = [("wagtail_livechat", "0022_chat_rules")]

    operations = [grant(GRANTS)]
