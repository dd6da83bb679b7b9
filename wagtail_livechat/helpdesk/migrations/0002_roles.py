"""Managers and administrators of the chat edit FAQs and authors, and see what visitors looked for and think."""

from django.db import migrations

APP = "wagtail_livechat_helpdesk"
NAMES = {"faq": "FAQ", "author": "author", "lookup": "search of visitors"}
EDIT = [(model, verb) for model in ("faq", "author") for verb in ("add", "change", "delete", "view")]
RIGHTS = [
    *((model, f"{verb}_{model}", f"Can {verb} {NAMES[model]}") for model, verb in EDIT),
    ("faq", "publish_faq", "Can publish FAQ"),
    ("lookup", "view_lookup", "Can view search of visitors"),
    ("feedback", "view_feedback", "Can view feedback on articles"),
]
ROLES = ("Live chat managers", "Live chat administrators")


def give(apps, schema_editor):
    """Django makes permissions after all migrations have run; these are needed now. A role that was removed is left alone."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    permissions = []
    for model, codename, name in RIGHTS:
        content_type, _made = ContentType.objects.get_or_create(app_label=APP, model=model)
        permission, _made = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        permissions.append(permission)
    for group in Group.objects.filter(name__in=ROLES):
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        (APP, "0001_initial"),
        ("wagtail_livechat", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
