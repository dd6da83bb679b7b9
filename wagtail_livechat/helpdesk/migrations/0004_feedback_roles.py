"""Managers and administrators of the chat see what readers think of articles."""

from django.db import migrations

APP = "wagtail_livechat_helpdesk"
ROLES = ("Live chat managers", "Live chat administrators")


def give(apps, schema_editor):
    """Django makes permissions after all migrations have run; this one is needed now. A role that was removed is left alone."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    content_type, _made = ContentType.objects.get_or_create(app_label=APP, model="feedback")
    permission, _made = Permission.objects.get_or_create(
        content_type=content_type, codename="view_feedback", defaults={"name": "Can view feedback on articles"}
    )
    for group in Group.objects.filter(name__in=ROLES):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [(APP, "0003_feedback")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
