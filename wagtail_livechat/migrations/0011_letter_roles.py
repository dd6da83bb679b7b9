"""Administrators see the letters that left, or did not, and may have one sent again."""

from django.db import migrations

from wagtail_livechat.migrations._grants import grant

LETTERS = [("outgoingmail", f"{verb}_outgoingmail", f"Can {verb} letter") for verb in ("change", "view")]
GRANTS = {"Live chat administrators": LETTERS}


class Migration(migrations.Migration):
    dependencies = [("wagtail_livechat", "0010_forms_and_letters")]

    operations = [grant(GRANTS)]
