"""The desks as people see them: name, what is done there, and how to start."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.queries import desks_of
from marfa.apps.registry import Desk


@dataclass(frozen=True)
class DeskText:
    """Texts of one desk."""

    name: Promise
    task: Promise


TEXTS: dict[Desk, DeskText] = {
    Desk.RECEPTION: DeskText(
        _("Reception"),
        _("Register people and households, screen for risk early, hand over who is in danger."),
    ),
    Desk.PROTECTION: DeskText(
        _("Protection"),
        _("Assess one person at a time, plan and give help, refer, follow up."),
    ),
    Desk.INVESTIGATIONS: DeskText(
        _("Investigations"),
        _("Collect, preserve and disclose evidence so that it stands in court."),
    ),
    Desk.FINANCE: DeskText(
        _("Finance"),
        _("Read financial records, find the patterns of trafficking, report them."),
    ),
    Desk.SANCTIONS: DeskText(
        _("Sanctions"),
        _("Screen names against lists, watch the lists change, prepare statements of case."),
    ),
    Desk.REPORTING: DeskText(
        _("Data and reporting"),
        _("Make tables, safe releases and estimates that can be published."),
    ),
    Desk.COORDINATION: DeskText(
        _("Coordination"),
        _("Follow violations, suppliers, and what the resolution asks for."),
    ),
    Desk.ADMINISTRATION: DeskText(
        _("Administration"),
        _("Look after organisations, sites, people and their roles."),
    ),
}


def desks_here() -> tuple[Desk, ...]:
    """The desks that this installation was made with, in the order of the design."""
    chosen = set(settings.FOLDER.instance.desks)
    return tuple(desk for desk in Desk if desk in chosen)


def desks_for(user: User) -> tuple[Desk, ...]:
    """The desks of this installation at which a person may work now."""
    held = desks_of(user)
    return tuple(desk for desk in desks_here() if desk in held)
