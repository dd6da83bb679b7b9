"""Everyone who answers may make drafts of answers; editors decide what becomes of them."""

from django.db import migrations

from wagtail_livechat.migrations._grants import grant

DRAFT = ("conversation", "draft_answer", "Can make drafts of FAQs and articles of answers")
GRANTS = {
    "Live chat operators": [DRAFT],
    "Live chat managers": [DRAFT],
    "Live chat administrators": [DRAFT],
}


class Migration(migrations.Migration):
    dependencies = [("wagtail_livechat", "0028_drafts_of_answers")]

    operations = [grant(GRANTS)]
