"""What the forms of administration ask, read from what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Organisation, RoleGrant, Site, Team
from marfa.apps.organisations.queries import colleagues_of
from marfa.apps.organisations.roles import roles_here
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message

Sent = Mapping[str, str]
PARTS = ("day", "month", "year")
# Where an action says what is wrong, and at which question of the form that is.
QUESTIONS = {
    "organisation": "place",
    "site": "place",
    "team": "place",
    "time zone": "time_zone",
    "ends_at": "until",
    "user": "role",
    "username": "username",
}
# On a form that asks for no place, what is wrong with the place itself stands at its name.
AT_NAME = {**QUESTIONS, **dict.fromkeys(("organisation", "site", "team", "place"), "name")}


class Where(TypedDict):
    """Where a role holds, as ``give_role`` takes it."""

    organisation: Organisation
    site: Site | None
    team: Team | None


@dataclass(frozen=True)
class Places:
    """The places of the installation that still are: what a role can hold at. Three queries."""

    organisations: list[Organisation]
    sites: list[Site]
    teams: list[Team]

    @classmethod
    def here(cls) -> Places:
        still = {"organisation__ended_at": None}
        return cls(
            list(Organisation.objects.filter(ended_at=None).order_by("kind", "name")),
            list(Site.objects.filter(**still).select_related("organisation").order_by("name")),
            list(
                Team.objects.filter(ended_at=None, **still)
                .select_related("organisation")
                .order_by("name")
            ),
        )

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Answers of a select: organisations first, then sites, then teams."""
        return [
            *((each.reference, each.name) for each in self.organisations),
            *((each.reference, _("Site: %s") % each.name) for each in self.sites),
            *((each.reference, _("Team: %s") % each.name) for each in self.teams),
        ]

    def chosen(self, reference: str) -> Where:
        """The place that was chosen; raises InputError where none was."""
        for organisation in self.organisations:
            if organisation.reference == reference:
                return {"organisation": organisation, "site": None, "team": None}
        for site in self.sites:
            if site.reference == reference:
                return {"organisation": site.organisation, "site": site, "team": None}
        for team in self.teams:
            if team.reference == reference:
                return {"organisation": team.organisation, "site": None, "team": team}
        raise InputError.at(Message("apps.organisations:place-needed"), field="place")


def role_choices() -> list[tuple[str, str]]:
    """Answers of a select: nothing chosen yet, then the roles that can be given here."""
    language = get_language() or SOURCE_LANGUAGE
    labels = codelist("roles")
    return [("", ""), *((role.value, labels.label(role, language)) for role in roles_here())]


def day_of(sent: Sent, name: str) -> date | None:
    """A day from three inputs; digits of any script. Raises InputError for what is no day."""
    parts = [sent.get(f"{name}-{part}", "").strip() for part in PARTS]
    if not any(parts):
        return None
    try:
        day, month, year = (int(part) for part in parts)
        found = date(year, month, day)
    except ValueError:
        raise InputError.at(Message("apps.organisations:no-day"), field=name) from None
    if found == date.max:  # it has no end
        raise InputError.at(Message("apps.organisations:no-day"), field=name)
    return found


def end_of(sent: Sent, name: str) -> datetime | None:
    """The end of a day that was given, in UTC."""
    found = day_of(sent, name)
    return datetime.combine(found + timedelta(days=1), time(), UTC) if found else None


def end_needed(sent: Sent, name: str) -> datetime:
    """The same, where a day has to be given; raises InputError where none is."""
    found = end_of(sent, name)
    if found is None:
        raise InputError.at(Message("apps.organisations:no-day"), field=name)
    return found


def start_of(sent: Sent, name: str) -> datetime | None:
    """The beginning of a day that was given, in UTC."""
    found = day_of(sent, name)
    return datetime.combine(found, time(), UTC) if found else None


def day_again(sent: Sent, name: str) -> dict[str, str]:
    """What was typed for a day, to be shown again."""
    return {part: sent.get(f"{name}-{part}", "") for part in PARTS}


def chosen_colleague(reference: str, grant: RoleGrant) -> User:
    """The colleague who was chosen to stand in; raises InputError where none was.

    Only who is offered can be chosen: a role of one organisation is not lent to another's staff.
    """
    offered = {each for each, _name in colleagues_of(grant)}
    found = User.objects.filter(reference=reference).first() if reference in offered else None
    if found is None:
        raise InputError.at(Message("apps.organisations:colleague-needed"), field="to")
    return found
