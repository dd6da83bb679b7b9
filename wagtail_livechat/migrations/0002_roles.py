"""The three roles, as Django groups that an administrator may change like any other."""

from django.db import migrations

# Written out here: a migration must not change when the code's own matrix does.
HANDLE = ["handle_conversation", "view_history"]
MANAGE = [*HANDLE, "view_all_departments", "change_livechatsettings"]
ADMINISTER = [
    *MANAGE,
    *(f"{verb}_{model}" for model in ("operator", "department") for verb in ("add", "change", "delete", "view")),
]
ROLES = {
    "Live chat operators": HANDLE,
    "Live chat managers": MANAGE,
    "Live chat administrators": ADMINISTER,
}
NAMES = {
    "handle_conversation": ("conversation", "Can answer live chat conversations"),
    "view_history": ("conversation", "Can see the history of conversations"),
    "view_all_departments": ("conversation", "Can see the conversations of every department"),
    "change_livechatsettings": ("livechatsettings", "Can change live chat settings"),
}


def make_roles(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")

    def permission(codename):
        # Django makes permissions after all migrations have run; these are needed now.
        verb, _, model = codename.partition("_")
        model, name = NAMES.get(codename, (model, f"Can {verb} {model}"))
        content_type, _made = ContentType.objects.get_or_create(app_label="wagtail_livechat", model=model)
        return Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})[
            0
        ]

    admin_type, _made = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    access, _made = Permission.objects.get_or_create(
        content_type=admin_type, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    for role, codenames in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.add(access, *(permission(codename) for codename in codenames))


def remove_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_livechat", "0001_initial"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, remove_roles)]
