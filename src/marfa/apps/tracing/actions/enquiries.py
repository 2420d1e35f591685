"""Taking an enquiry down, looking at it, and what a worker makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from marfa.apps.cases.action_base import check_together, clean_text, require_choice
from marfa.apps.cases.models import Case
from marfa.apps.organisations.models import Site
from marfa.apps.tracing.actions.claims import claim_relative
from marfa.apps.tracing.deadlines import ENQUIRY, LOOKED_AT
from marfa.apps.tracing.enquiries import PURPOSE, READ, TAKE, may_be_about, resource_of
from marfa.apps.tracing.models import ClaimedRelative, Enquiry, EnquiryLook
from marfa.apps.tracing.models.enquiries import RELATIONSHIPS, SEXES
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

State = Enquiry.State
LONGEST_LINE = 200
OLDEST = 120


@dataclass(frozen=True)
class EnquiryTold:
    """What somebody says who looks for a person. who: their name. reach: how they are reached.
    sought: the name of whom they look for. sex, age_from, age_to: of whom they look for."""

    tie: str
    who: str
    reach: str
    sought: str
    told: str = ""
    sex: str = "unknown"
    age_from: int | None = None
    age_to: int | None = None


def take_enquiry(*, actor: Actor, site: Site, told: EnquiryTold) -> Enquiry:
    """Take down who looks for whom. Nobody is looked up: what is answered, and how long it takes,
    is the same whether there is such a person or not.

    Raises DeniedError; InputError where something is missing.
    """
    line = {"needed": True, "most": LONGEST_LINE}
    texts: dict[str, str | None] = {}

    def text(name: str, **more: object) -> None:
        texts[name] = clean_text(getattr(told, name), field=name, **more)  # type: ignore[arg-type]

    check_together(
        lambda: require_choice(told.tie, RELATIONSHIPS, field="tie"),
        lambda: require_choice(told.sex, SEXES, field="sex"),
        lambda: text("who", **line),
        lambda: text("reach", **line),
        lambda: text("sought", **line),
        lambda: text("told"),
        lambda: _check_ages(told),
    )
    now = clock.now()
    row = Enquiry(
        organisation_id=site.organisation_id,
        site=site,
        tie=told.tie,
        sex=told.sex,
        age_from=told.age_from,
        age_to=told.age_to,
        taken_at=now,
        taken_by=actor.id,
        due_at=now + LOOKED_AT,
    )
    for name, value in texts.items():
        setattr(row, name, value)
    with (
        open_vault(),
        action(actor=actor, code=TAKE, purpose=PURPOSE, resource=resource_of(row)) as act,
    ):
        act.create(row)
        set_deadline(kind=ENQUIRY, subject=row.pk, due_at=row.due_at, owner=owner_of(row))
    return row


def match_enquiry(*, actor: Actor, enquiry: Enquiry, case: Case) -> ClaimedRelative:
    """Somebody who looks for a person may be a relative of one in a worker's own care: a claim,
    which is verified before anybody is told anything. Raises DeniedError, InputError.

    The enquiry stays open until its time, as one that is about nobody: who reads the list does not
    learn that somebody was found. Sent twice it is one claim.
    """
    with together():
        with _looking(actor, enquiry) as act:
            if not may_be_about(enquiry, case):
                raise InputError.at(Message("apps.tracing:not-about"), field="case")
            made = ClaimedRelative.objects.filter(enquiry=enquiry, case=case).first()
            if made is not None:
                return made
            _look(act, enquiry)
            name, reach = enquiry.who or "", enquiry.reach or ""
            text = "\n".join(filter(None, (enquiry.sought, enquiry.told)))
        return claim_relative(
            actor=actor,
            case=case,
            enquiry=enquiry,
            kind=enquiry.tie,
            name=name,
            reach=reach,
            text=text,
        )


def pass_enquiry(*, actor: Actor, enquiry: Enquiry) -> None:
    """A worker has looked at an enquiry: it is about nobody in their care. Raises DeniedError."""
    with _looking(actor, enquiry) as act:
        _look(act, enquiry)


def close_enquiry(*, actor: Actor, enquiry: Enquiry) -> None:
    """It was looked into, whatever came of it. Raises DeniedError; InputError before its time, so
    that every worker was asked."""
    with _looking(actor, enquiry) as act:
        if enquiry.due_at > clock.now():
            raise InputError.at(Message("apps.tracing:enquiry-early"))
        _look(act, enquiry)
        enquiry.state, enquiry.closed_at, enquiry.closed_by = State.CLOSED, clock.now(), act.by
        enquiry.save(update_fields=["state", "closed_at", "closed_by"])
        meet_deadline(kind=ENQUIRY, subject=enquiry.pk)


@contextmanager
def _looking(actor: Actor, enquiry: Enquiry) -> Iterator[Act]:
    """Within it an open enquiry is locked and readable, on the record."""
    resource = resource_of(enquiry)
    with (
        open_vault(),
        action(actor=actor, code=READ, purpose=PURPOSE, resource=resource) as act,
    ):
        enquiry.refresh_from_db(from_queryset=Enquiry.objects.select_for_update(no_key=True))
        if enquiry.state != Enquiry.State.OPEN:
            raise InputError.at(Message("apps.tracing:enquiry-closed"))
        yield act


def _look(act: Act, enquiry: Enquiry) -> None:
    if not EnquiryLook.objects.filter(enquiry=enquiry, by=act.by).exists():
        whose = {"organisation_id": enquiry.organisation_id, "enquiry": enquiry}
        act.create(EnquiryLook(**whose, at=clock.now(), by=act.by))


def _check_ages(told: EnquiryTold) -> None:
    ages = [each for each in (told.age_from, told.age_to) if each is not None]
    if any(not 0 <= each <= OLDEST for each in ages) or ages != sorted(ages):
        raise InputError.at(Message("apps.tracing:ages-wrong"), field="age_to")
