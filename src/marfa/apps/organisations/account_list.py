"""The list of everybody with an account."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in
from marfa.apps.accounts.models import User, username_key
from marfa.apps.list_actions import BulkAction
from marfa.apps.list_file import ListFile
from marfa.apps.list_page import Choices, Column, Filter, ListSpec
from marfa.apps.organisations.administration import block_accounts
from marfa.apps.organisations.forms import role_choices
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import grants_in_force, is_administrator
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

SIGN_IN = (("allowed", _("allowed")), ("blocked", _("blocked")))


def _holding(**role: str) -> Q:
    return Q(Exists(grants_in_force().filter(user=OuterRef("pk"), **role)))


def _roles(_actor: Actor) -> Choices:
    return [each for each in role_choices() if each[0]]


def _sites(_actor: Actor) -> Choices:
    return list(Site.objects.order_by("name", "pk").values_list("reference", "name"))


def _called(text: str) -> Q:
    return Q(display_name__icontains=text) | Q(username_key__contains=username_key(text))


def _block(request: HttpRequest, users: Sequence[User]) -> None:
    block_accounts(actor=actor_in(request), users=users)


BLOCK = BulkAction(
    "end",
    _("Block sign-in"),
    "",
    lambda _request, _users: {},
    _block,
    fresh=True,
    offered=is_administrator,
)
ACCOUNTS = ListSpec(
    _("People with an account"),
    (
        Column("person", _("Person"), kind="head", order=("display_name",)),
        Column("username", _("User name"), order=("username_key",)),
        Column("roles", _("Roles")),
        Column("sign-in", _("Sign-in"), order=("is_active", "display_name")),
    ),
    "person",
    (
        Filter("role", _("Role"), _roles, lambda code: _holding(role=code)),
        Filter("site", _("Site"), _sites, lambda code: _holding(site__reference=code)),
        Filter("sign-in", _("Sign-in"), SIGN_IN, lambda code: Q(is_active=code == "allowed")),
    ),
    _called,
    _("Name or user name"),
    called=lambda user: user.display_name,
    file=ListFile(
        "accounts",
        contents="list",
        purpose=Purpose.ADMINISTRATION,
        columns={
            "account": "reference",
            "may_sign_in": "is_active",
            "language": "language",
            "made": "created_at",
            "last_sign_in": "last_login",
        },
        place=None,
        tier="staff",
    ),
)
