"""The list of everybody with an account."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import username_key
from marfa.apps.list_page import Choices, Column, Filter, ListSpec
from marfa.apps.organisations.forms import role_choices
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import grants_in_force
from marfa.safeguards.actor import Actor

SIGN_IN = (("allowed", _("allowed")), ("blocked", _("blocked")))


def _holding(**role: str) -> Q:
    return Q(Exists(grants_in_force().filter(user=OuterRef("pk"), **role)))


def _roles(_actor: Actor) -> Choices:
    return [each for each in role_choices() if each[0]]


def _sites(_actor: Actor) -> Choices:
    return list(Site.objects.order_by("name", "pk").values_list("reference", "name"))


def _called(text: str) -> Q:
    return Q(display_name__icontains=text) | Q(username_key__contains=username_key(text))


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
)
