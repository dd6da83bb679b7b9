"""What the roles may do about privacy. The right to see all that is hidden is given to nobody by itself."""

from django.db import migrations

from wagtail_livechat.migrations._grants import grant

REVEAL = [("conversation", "reveal_masked", "Can reveal what masking hides, one message at a time")]
GRANTS = {
    "Live chat managers": REVEAL,
    "Live chat administrators": [
        *REVEAL,
        ("conversation", "erase_visitor", "Can export and erase the data of a visitor"),
        ("privacysettings", "change_privacysettings", "Can change live chat privacy"),
    ],
}


class Migration(migrations.Migration):
    dependencies = [("wagtail_livechat", "0006_privacy")]

    operations = [grant(GRANTS)]
