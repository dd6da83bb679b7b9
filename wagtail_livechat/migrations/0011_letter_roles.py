"""Administrators see the letters that left, or did not, and may have one sent again."""

from django.db import migrations

LETTERS = [("outgoingmail", f"{verb}_outgoingmail", f"Can {verb} letter") for verb in ("change", "view")]
GRANTS = {"Live chat administrators": LETTERS}


def grant(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    for role, permissions in GRANTS.items():
        for group in Group.objects.filter(name=role):
            for model, codename, name in permissions:
                content_type, _made = ContentType.objects.get_or_create(app_label="wagtail_livechat", model=model)
                permission, _made = Permission.objects.get_or_create(
                    content_type=content_type, codename=codename, defaults={"name": name}
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("wagtail_livechat", "0010_forms_and_letters")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
