"""Which forms a person can fill in, and what they began."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.forms.actions.submissions import FILLS_IN, sites_of
from marfa.apps.forms.converters import converter_of
from marfa.apps.forms.entry.flow import FORM
from marfa.apps.forms.models import FormVersion
from marfa.apps.forms.policy_facts import filled_for
from marfa.apps.forms.queries import offered_versions
from marfa.apps.organisations.models import Site
from marfa.apps.registry.models import Person
from marfa.platform.revisions.drafts import open_draft, unsent_by
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value


def offered_to(actor: Actor) -> QuerySet[FormVersion]:
    """The forms of the organisations for which somebody registers, helps or supervises; those for
    practice are for devices alone."""
    places = {held.organisation for held in actor.roles if held.role in FILLS_IN}
    found = FormVersion.objects.none()
    for place in sorted(places):
        found = found | offered_versions(place).filter(form__practice_of=None)
    return found


def definition_for(actor: Actor) -> QuerySet[FormVersion]:
    """Every version that was ever published there: what was begun goes on after it is withdrawn."""
    places = {held.organisation for held in actor.roles if held.role in FILLS_IN}
    return FormVersion.objects.filter(organisation__in=places, published_at__isnull=False).exclude(
        form__practice_of__isnull=False
    )


def sites_for(actor: Actor, version: FormVersion) -> list[Site]:
    """The sites at which somebody may fill in a form, in order of their names."""
    keys = sites_of(actor, version.organisation_id)
    return list(Site.objects.filter(pk__in=keys).order_by("name", "pk"))


def versions_for(actor: Actor, person: Person, known: Resource) -> list[FormVersion]:
    """The forms that somebody may fill in for a person, so that the answers stand in the record of
    that person; none of which records are made in another way. known: the person, as the charter
    sees them."""
    found = offered_to(actor).filter(organisation=person.organisation_id).defer("xml", "asks")
    return [version for version in found if may_fill_for(actor, version, known)]


def may_fill_for(actor: Actor, version: FormVersion, known: Resource) -> bool:
    """Whether the charter lets somebody write the answers of a form into a person's record."""
    context: dict[str, Value] = {"on_record": True, "purpose": version.form.purpose}
    allowed = decide(actor, "records.write", filled_for(version.form, known), context).allowed
    return allowed and converter_of(version) is None


@dataclass(frozen=True)
class Offer:
    """A form that can be begun. said: what its button is called aloud."""

    reference: str
    title: str
    said: str


def offers_of(versions: Iterable[FormVersion], language: str) -> list[Offer]:
    """Versions as a list to choose from, with titles in a language where there is one."""
    found = []
    for version in versions:
        title = title_in(version, language)
        said = _("Begin: %(form)s") % {"form": title}
        found.append(Offer(version.reference, title, said))
    return found


def title_in(version: FormVersion, language: str) -> str:
    """What a form is called in a language, where it has a name in it, else in another."""
    titles = version.form.titles or {}
    return titles.get(language) or next(iter(titles.values()), version.form.form_id)


@dataclass(frozen=True)
class Begun:
    """A form that somebody began and did not send. key: of the filling-in."""

    key: UUID
    title: str
    saved_at: datetime


def begun_by(user: User, language: str) -> list[Begun]:
    """What a person began, the latest first. Of what they answered nothing is told."""
    drafts = [draft for draft in unsent_by(user.pk) if draft.form == FORM and draft.subject]
    versions = {key: _version_of(user, key) for each in drafts if (key := each.subject)}
    found = FormVersion.objects.select_related("form").in_bulk(list(set(versions.values())))
    return [
        Begun(key, title_in(version, language), draft.saved_at)
        for draft in drafts
        if (key := draft.subject) and (version := found.get(versions[key]))
    ]


def _version_of(user: User, key: UUID) -> UUID | None:
    draft = open_draft(user=user.pk, form=FORM, subject=key)
    return UUID(str(draft.content["version"])) if draft else None


def address_of(key: UUID | None) -> str | None:
    """Where a form goes on that was begun."""
    return reverse("filling:check", args=[key]) if key else None
