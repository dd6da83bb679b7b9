"""What the roles may do about privacy. The right to see all that is hidden is given to nobody by itself."""

from django.db import migrations

REVEAL = [("conversation", "reveal_masked", "Can reveal what masking hides, one message at a time")]
GRANTS = {
    "Live chat managers": REVEAL,
    "Live chat administrators": [
        *REVEAL,
        ("conversation", "erase_visitor", "Can export and erase the data of a visitor"),
        ("privacysettings", "change_privacysettings", "Can change live chat privacy"),
    ],
}


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
    dependencies = [("wagtail_livechat", "0006_privacy")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
