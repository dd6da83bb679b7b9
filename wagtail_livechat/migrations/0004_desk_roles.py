"""What the roles may do with the desk's new things: keep visitors out, quick replies, wrap-up reasons."""

from django.db import migrations

from wagtail_livechat.migrations._grants import grant

EVERYONE = [("ban", "ban_visitor", "Can ban visitors of the live chat")]
REPLIES = [
    ("quickreply", f"{verb}_quickreply", f"Can {verb} quick reply") for verb in ("add", "change", "delete", "view")
]
REASONS = [
    ("wrapupreason", f"{verb}_wrapupreason", f"Can {verb} wrap-up reason")
    for verb in ("add", "change", "delete", "view")
]
BANS = [("ban", f"{verb}_ban", f"Can {verb} ban") for verb in ("add", "change", "delete", "view")]
GRANTS = {
    "Live chat operators": EVERYONE,
    "Live chat managers": EVERYONE + REPLIES,
    "Live chat administrators": EVERYONE + REPLIES + REASONS + BANS,
}


class Migration(migrations.Migration):
    dependencies = [("wagtail_livechat", "0003_desk"), ("wagtail_livechat", "0002_roles")]

    operations = [grant(GRANTS)]
