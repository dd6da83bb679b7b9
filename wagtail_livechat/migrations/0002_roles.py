"""The three roles, as Django groups that an administrator may change like any other.

The right to see all that masking hides is given to nobody by itself.
"""

from django.db import migrations


def every(model, name, verbs=("add", "change", "delete", "view")):
    return [(model, f"{verb}_{model}", f"Can {verb} {name}") for verb in verbs]


# Written out here: a migration must not change when the code's own matrix does.
HANDLE = [
    ("conversation", "handle_conversation", "Can answer live chat conversations"),
    ("conversation", "view_history", "Can see the history of conversations"),
    ("conversation", "draft_answer", "Can make drafts of FAQs and articles of answers"),
    ("ban", "ban_visitor", "Can ban visitors of the live chat"),
]
MANAGE = [
    *HANDLE,
    ("conversation", "view_all_departments", "Can see the conversations of every department"),
    ("conversation", "reveal_masked", "Can reveal what masking hides, one message at a time"),
    ("conversation", "view_logs", "Can search the logs of live chat conversations"),
    ("conversation", "export_conversation", "Can take live chat conversations out as files"),
    ("counted", "view_statistics", "Can see the statistics of the live chat"),
    ("livechatsettings", "change_livechatsettings", "Can change live chat settings"),
    # "Delete" is what letting somebody in again is called in the list of bans.
    *every("ban", "ban", ("view", "delete")),
    *every("quickreply", "quick reply"),
    *every("automessage", "auto-message"),
    *every("chatrule", "chat rule"),
]
ADMINISTER = [
    *MANAGE,
    ("conversation", "erase_visitor", "Can export and erase the data of a visitor"),
    ("livechatsettings", "administer_livechatsettings", "Can change every live chat setting"),
    ("privacysettings", "change_privacysettings", "Can change live chat privacy"),
    *every("operator", "operator"),
    *every("department", "department"),
    *every("wrapupreason", "wrap-up reason"),
    *every("ban", "ban"),
    *every("outgoingmail", "letter", ("change", "view")),
]
ROLES = {
    "Live chat operators": HANDLE,
    "Live chat managers": MANAGE,
    "Live chat administrators": ADMINISTER,
}


def make_roles(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")

    def permission(model, codename, name, app="wagtail_livechat"):
        # Django makes permissions after all migrations have run; these are needed now.
        content_type, _made = ContentType.objects.get_or_create(app_label=app, model=model)
        return Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})[
            0
        ]

    access = permission("admin", "access_admin", "Can access Wagtail admin", app="wagtailadmin")
    for role, rights in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.add(access, *(permission(*right) for right in rights))


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
