"""Administrators change every setting; managers keep what is on the first two tabs."""

from django.db import migrations

from wagtail_livechat.migrations._grants import grant

GRANTS = {
    "Live chat administrators": [
        ("livechatsettings", "administer_livechatsettings", "Can change every live chat setting")
    ]
}


class Migration(migrations.Migration):
    dependencies = [("wagtail_livechat", "0018_settings_tabs")]

    operations = [grant(GRANTS)]
