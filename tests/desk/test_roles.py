"""The roles and their rights, as Wagtail's group editor shows them."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.utils.html import escape

from tests.factories import make_user, signed_in
from wagtail_livechat.desk.roles import LABELS
from wagtail_livechat.permissions import PERMISSIONS, ROLES

pytestmark = pytest.mark.django_db


def own_rights() -> dict[str, str]:
    """Codename -> name of every right that is not add, change, delete or view."""
    models = apps.get_app_config("wagtail_livechat").get_models()
    return {codename: name for model in models for codename, name in model._meta.permissions}


@pytest.mark.covers("D3")
def test_the_migrations_give_each_role_what_the_matrix_says() -> None:
    for role, codenames in ROLES.items():
        group = Group.objects.get(name=role)
        given = group.permissions.filter(content_type__app_label="wagtail_livechat")
        assert set(given.values_list("codename", flat=True)) == set(codenames), role
        assert group.permissions.filter(codename="access_admin").exists()


def test_every_right_of_our_own_has_a_name_that_can_be_translated() -> None:
    assert sorted(LABELS) == sorted(own_rights().values()), "name it in desk/roles.py"


@pytest.mark.covers("D3")
def test_the_group_editor_offers_every_right_of_the_roles_and_of_the_code() -> None:
    page = signed_in(make_user(is_superuser=True)).get("/admin/groups/new/").content.decode()

    codenames = {codename for role in ROLES.values() for codename in role}
    codenames |= {name.split(".")[1] for name in PERMISSIONS.values()} | set(own_rights())
    # Whoever may change, delete or add may look; Wagtail has a box for "view" only where a model has such a page.
    codenames = {codename for codename in codenames if not codename.startswith("view_") or codename in own_rights()}
    for codename in sorted(codenames):
        right = Permission.objects.get(content_type__app_label="wagtail_livechat", codename=codename)
        assert f'name="permissions" value="{right.pk}"' in page, codename
    for name in own_rights().values():
        assert escape(name) in page
