"""How a migration gives the roles further rights. What it gives stands in the migration itself."""

from django.db import migrations


def grant(grants):
    """The operation for ``grants``: name of the role -> (model, codename, name) of each permission.

    Django makes permissions after all migrations have run; these are needed now. A role that was removed is left alone.
    """

    def give(apps, schema_editor):
        ContentType = apps.get_model("contenttypes", "ContentType")
        Permission = apps.get_model("auth", "Permission")
        Group = apps.get_model("auth", "Group")
        for role, permissions in grants.items():
            for group in Group.objects.filter(name=role):
                for model, codename, name in permissions:
                    content_type, _made = ContentType.objects.get_or_create(app_label="wagtail_livechat", model=model)
                    permission, _made = Permission.objects.get_or_create(
                        content_type=content_type, codename=codename, defaults={"name": name}
                    )
                    group.permissions.add(permission)

    return migrations.RunPython(give, migrations.RunPython.noop)
