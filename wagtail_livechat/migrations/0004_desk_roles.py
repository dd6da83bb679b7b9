"""What the roles may do with the desk's new things: keep visitors out, quick replies, wrap-up reasons."""

from django.db import migrations

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
    dependencies = [("wagtail_livechat", "0003_desk"), ("wagtail_livechat", "0002_roles")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
