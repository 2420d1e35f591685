"""What administrators do to accounts, roles and places: decided by the charter, told to the log.

Each takes who asks. The changes themselves are in ``actions``; here stands who may, and what is
written down: keys and codes, no name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from marfa.apps.accounts.actions import allow_sign_in, create_user, issue_sign_in_link
from marfa.apps.accounts.models import User
from marfa.apps.organisations import actions
from marfa.apps.organisations.models import Delegation, Organisation, RoleGrant, Site, Team
from marfa.apps.organisations.queries import data_controller
from marfa.domain.ids import new_id
from marfa.safeguards.actions import action, bulk_action
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Purpose, Role

ADMINISTRATION = Purpose.ADMINISTRATION


def by_command() -> Actor:
    """Who acts when a command is typed on the machine itself: nobody with an account."""
    return Actor(new_id(), ActorKind.COMMAND)


def account_resource(user: User | None = None) -> Resource:
    """The account of a person, or one that is to be made."""
    organisation = data_controller().pk
    key = user.pk if user else new_id()
    if user is not None:
        newest = user.role_grants.order_by("-starts_at").values_list("organisation_id", flat=True)
        organisation = newest.first() or organisation
    facts = {"organisation": organisation, "controller": data_controller().pk, "holder": key}
    return Resource("Account", key, facts)


def organisation_resource(organisation: Organisation | None = None) -> Resource:
    """An organisation, or one that is to be added."""
    here = data_controller().pk
    key = organisation.pk if organisation else here
    return Resource("Organisation", key, {"organisation": key, "controller": here})


def _person(actor: Actor) -> User | None:
    found = actor.kind is ActorKind.PERSON
    return User.objects.filter(pk=actor.id).first() if found else None


def add_person(*, actor: Actor, username: str, display_name: str, language: str = "") -> User:
    """A new person without a role. Raises DeniedError; InputError as ``create_user``."""
    with action(
        actor=actor, code="users.add", purpose=ADMINISTRATION, resource=account_resource()
    ) as act:
        user = create_user(username=username, display_name=display_name, language=language)
        act.made("Account", user.pk)
    return user


def give_role(
    *,
    actor: Actor,
    user: User,
    role: Role,
    organisation: Organisation,
    site: Site | None = None,
    team: Team | None = None,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """A role for a person. Raises DeniedError; InputError as ``grant_role``."""
    with action(
        actor=actor, code="access.grant", purpose=ADMINISTRATION, resource=account_resource(user)
    ) as act:
        act.note(role=role.value, at=str(organisation.pk))
        return actions.grant_role(
            user=user,
            role=role,
            organisation=organisation,
            site=site,
            team=team,
            ends_at=ends_at,
            granted_by=_person(actor),
        )


def end_role(*, actor: Actor, grant: RoleGrant) -> None:
    """A role ends. Raises DeniedError; InputError for the last administrator."""
    with action(
        actor=actor,
        code="access.revoke",
        purpose=ADMINISTRATION,
        resource=account_resource(grant.user),
    ) as act:
        act.note(role=grant.role)
        actions.revoke_role(grant=grant)


def lend_grant(
    *,
    actor: Actor,
    grant: RoleGrant,
    to: User,
    ends_at: datetime,
    starts_at: datetime | None = None,
) -> Delegation:
    """Somebody stands in: lent by the holder or an administrator. A command gives access instead
    of lending it, which is done by persons alone. Raises DeniedError; InputError."""
    code = "access.grant" if actor.kind is ActorKind.COMMAND else "access.delegate"
    resource = account_resource(to if code == "access.grant" else grant.user)
    with action(actor=actor, code=code, purpose=ADMINISTRATION, resource=resource) as act:
        act.note(role=grant.role, to=str(to.pk))
        return actions.lend_role(
            lender=grant.user, grant=grant, to=to, ends_at=ends_at, starts_at=starts_at
        )


def take_back(*, actor: Actor, delegation: Delegation) -> None:
    """What is lent ends. Raises DeniedError."""
    lender = delegation.grant.user
    code = "access.revoke" if actor.kind is ActorKind.COMMAND else "access.delegate"
    with action(
        actor=actor, code=code, purpose=ADMINISTRATION, resource=account_resource(lender)
    ) as act:
        act.note(role=delegation.grant.role, to=str(delegation.to_id), back=True)
        actions.take_back_role(delegation=delegation)


def block_account(*, actor: Actor, user: User) -> None:
    """A person no longer comes in. Raises DeniedError; InputError for the last administrator."""
    with action(
        actor=actor, code="users.block", purpose=ADMINISTRATION, resource=account_resource(user)
    ):
        actions.block_user(user=user)


def block_accounts(*, actor: Actor, users: Iterable[User]) -> None:
    """Several people no longer come in: all of them or none, in one entry of the log.

    Raises DeniedError where the charter refuses one of them; InputError as ``block_account``.
    """
    ordered = sorted(users, key=lambda user: user.pk)
    resources = [account_resource(user) for user in ordered]
    with bulk_action(actor=actor, code="users.block", purpose=ADMINISTRATION, resources=resources):
        for user in ordered:
            actions.block_user(user=user)


def unblock_account(*, actor: Actor, user: User) -> None:
    """A person may come in again, anew. Raises DeniedError."""
    with action(
        actor=actor, code="users.block", purpose=ADMINISTRATION, resource=account_resource(user)
    ) as act:
        act.note(undo=True)
        allow_sign_in(user=user, allowed=True)


def make_link(*, actor: Actor, user: User, valid_for: timedelta) -> str:
    """The secret of a link that lets a person in once. Raises DeniedError; InputError."""
    with action(
        actor=actor, code="users.reset", purpose=ADMINISTRATION, resource=account_resource(user)
    ):
        return issue_sign_in_link(user=user, valid_for=valid_for)


@contextlib.contextmanager
def _managing(
    actor: Actor, organisation: Organisation, what: str, key: UUID, **detail: str
) -> Iterator[None]:
    """A change of an organisation's places; the log says what happened to which key."""
    with action(
        actor=actor,
        code="organisations.manage",
        purpose=ADMINISTRATION,
        resource=organisation_resource(organisation),
    ) as act:
        act.note(what=what, key=str(key), **detail)
        yield


def add_guest(*, actor: Actor, name: str) -> Organisation:
    """A new guest partner. Raises DeniedError; InputError."""
    with action(
        actor=actor,
        code="organisations.manage",
        purpose=ADMINISTRATION,
        resource=organisation_resource(),
    ) as act:
        made = actions.create_organisation(name=name, kind=Organisation.Kind.GUEST)
        act.made("Organisation", made.pk)
        return made


def end_guest(*, actor: Actor, organisation: Organisation) -> None:
    """A guest partner leaves. Raises DeniedError; InputError for the controller."""
    with _managing(actor, organisation, "ended", organisation.pk):
        actions.end_organisation(organisation=organisation)


def add_site(*, actor: Actor, organisation: Organisation, name: str, time_zone: str) -> Site:
    """A new site. Raises DeniedError; InputError."""
    with action(
        actor=actor,
        code="organisations.manage",
        purpose=ADMINISTRATION,
        resource=organisation_resource(organisation),
    ) as act:
        made = actions.open_site(organisation=organisation, name=name, time_zone=time_zone)
        act.note(site=str(made.pk))
        return made


def add_team(
    *, actor: Actor, organisation: Organisation, name: str, site: Site | None = None
) -> Team:
    """A new team. Raises DeniedError; InputError."""
    with action(
        actor=actor,
        code="organisations.manage",
        purpose=ADMINISTRATION,
        resource=organisation_resource(organisation),
    ) as act:
        made = actions.create_team(organisation=organisation, name=name, site=site)
        act.note(team=str(made.pk))
        return made


def add_team_member(*, actor: Actor, team: Team, user: User) -> None:
    """A person becomes a member of a team. Raises DeniedError; InputError."""
    with _managing(actor, team.organisation, "joined", user.pk, team=str(team.pk)):
        actions.join_team(team=team, user=user)


def remove_team_member(*, actor: Actor, team: Team, user: User) -> None:
    """A membership ends. Raises DeniedError."""
    with _managing(actor, team.organisation, "left", user.pk, team=str(team.pk)):
        actions.leave_team(team=team, user=user)


def end_team(*, actor: Actor, team: Team) -> None:
    """A team ends. Raises DeniedError."""
    with _managing(actor, team.organisation, "ended", team.pk):
        actions.end_team(team=team)
