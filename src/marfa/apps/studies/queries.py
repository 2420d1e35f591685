"""Questions about studies, each decided by the charter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Assessment, Case
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.queries import data_controller, grants_in_force
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.visibility import about_seen
from marfa.apps.screening.models import Screening
from marfa.apps.studies.models import Enrolment, PanelMember, PanelReading, Study
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Role

PURPOSE = Purpose.SCREENING
READ, PLAN, ENROL, SCORE = "studies.read", "studies.plan", "studies.enrol", "studies.score"
RESULTS, SMALL, SIGN = "studies.results", "studies.small_groups", "studies.sign"
ASSESS, COMPUTE = "studies.assess", "studies.compute"
MOST = 50
"""People whom the page of a reader lists; who is read makes room for others."""
ASKED: dict[str, Value] = {"on_record": True, "purpose": PURPOSE.value}


def resource_of(study: Study) -> Resource:
    """A study as the charter sees it."""
    band = getattr(study, "band", None)
    signed = {key for key in (band.first_by, band.second_by) if key} if band else set()
    facts: dict[str, Value] = {
        "organisation": study.organisation_id,
        "author": frozenset({study.author}),
        "signed": frozenset(signed),
        "panel": frozenset(PanelMember.objects.filter(study=study).values_list("user", flat=True)),
    }
    return Resource("Study", study.pk, facts)


def new_resource(organisation: Organisation) -> Resource:
    """A study of an organisation that is not written down yet."""
    nobody: frozenset[UUID] = frozenset()
    facts: dict[str, Value] = {
        "organisation": organisation.pk,
        "author": nobody,
        "signed": nobody,
        "panel": nobody,
    }
    return Resource("Study", "any", facts)


def of_the_controller(*_args: object, **_kwargs: object) -> Resource:
    """Any study of the organisation whose installation it is, whatever is in the address."""
    return new_resource(data_controller())


def case_of(enrolment: Enrolment) -> Resource:
    """Somebody in a study, as the charter sees them for the panel."""
    return cases_of(enrolment.study_id, [enrolment])[enrolment.pk]


def cases_of(study: UUID, rows: Sequence[Enrolment]) -> dict[UUID, Resource]:
    """The same of many in one study, by the key of their participation."""
    panel = PanelMember.objects.filter(study=study).values_list("user", flat=True)
    asked = Enrolment.objects.filter(study=study).values_list("officer", flat=True)
    # Whoever supervises opens interviews, also who does so only since the study was planned.
    readers = frozenset(panel) - frozenset(supervisors_of(rows[0].organisation_id) if rows else ())
    of_study: dict[str, Value] = {"panel": readers, "asked": frozenset(asked)}
    keys = [row.person_id for row in rows]
    people = PERSON.resources(Person.objects.filter(pk__in=keys))
    finished: dict[UUID, set[UUID]] = {key: set() for key in keys}
    done = Assessment.objects.filter(person__in=keys, finished_by__isnull=False)
    for person, by in done.values_list("person", "finished_by"):
        if by is not None:
            finished[person].add(by)
    facts = {
        key: {**people[key].facts, **of_study, "finished": frozenset(finished[key])}
        for key in people
    }
    return {row.pk: Resource("StudyCase", row.pk, facts[row.person_id]) for row in rows}


def may(actor: Actor, action: str, resource: Resource) -> bool:
    """Whether the charter allows it, for the purpose of all studies."""
    return decide(actor, action, resource, ASKED).allowed


def organisations_where(actor: Actor, action: str) -> list[Organisation]:
    """For which organisations somebody may do this, the controller first."""
    found = Organisation.objects.filter(pk__in=actor.organisations).order_by("created_at", "pk")
    return [each for each in found if may(actor, action, new_resource(each))]


def known_studies(actor: Actor) -> QuerySet[Study]:
    """Studies that somebody may know of, the newest first."""
    organisations = organisations_where(actor, READ)
    return Study.objects.filter(organisation__in=organisations).order_by("-planned_at", "pk")


@contextmanager
def study_reading(actor: Actor, study: Study, action: str = READ) -> Iterator[None]:
    """What is sealed of a study, readable within it, on the record. Raises DeniedError."""
    resource = resource_of(study)
    with reading(actor=actor, code=action, purpose=PURPOSE, resource=resource), open_vault():
        yield


def sites_of_study(study: Study) -> list[Site]:
    """The sites at which a study takes place, in order of their names."""
    return list(Site.objects.filter(reference__in=study.sites).order_by("name"))


def can_be_enrolled(actor: Actor, study: Study) -> QuerySet[Screening]:
    """Finished interviews with the list of a study in its words at its sites, with people whom the
    actor may know of and who are not protected, the newest first. Who takes part already is left
    out, and whose assessment is done: who is asked must not depend on what it found."""
    there = Enrolment.objects.filter(study=study, person=OuterRef("person"))
    found = Screening.objects.filter(
        about_seen(actor),
        state=Screening.State.FINISHED,
        organisation=study.organisation_id,
        instrument=study.instrument,
        instrument_digest=study.digest,
        site__reference__in=study.sites,
        closed_at__date__gte=study.begins,
        person__protected=False,
        person__erased_at=None,
    ).exclude(Exists(there) | Exists(_assessed(OuterRef("closed_at"))))
    # In another language: it is said why they do not take part. In other words: nobody may.
    same = ~Q(language__in=list(study.words))
    for language, digest in study.words.items():
        same |= Q(language=language, **{f"words__{language}": digest})
    return found.filter(same).select_related("person", "site").order_by("-closed_at", "pk")


def enrolled_people(study: Study) -> QuerySet[Enrolment]:
    """Who takes part. Who is protected since is in no list and no figure."""
    rows = Enrolment.objects.filter(study=study, person__protected=False, person__erased_at=None)
    return rows.select_related("person", "screening__site")


def may_withdraw(actor: Actor, study: Study) -> QuerySet[Enrolment]:
    """Who takes part, of those whom the actor may know of, also who is protected since: whoever
    agreed can end it at any time."""
    rows = Enrolment.objects.filter(about_seen(actor), study=study, person__erased_at=None)
    return rows.select_related("person").order_by("-consented_at", "pk")


def known_enrolments(actor: Actor, study: Study) -> QuerySet[Enrolment]:
    """Who takes part, of those whom the actor may know of."""
    return enrolled_people(study).filter(about_seen(actor)).order_by("consented_at", "pk")


def with_assessment(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those of whom an assessment was finished after the interview."""
    return rows.filter(Exists(_assessed(OuterRef("screening__closed_at"))))


def _assessed(since: OuterRef) -> QuerySet[Assessment]:
    return Assessment.objects.filter(
        person=OuterRef("person"), state=Assessment.State.DONE, finished_at__gte=since
    )


def assessment_of(enrolment: Enrolment) -> Assessment | None:
    """The first assessment that was finished after the interview."""
    done = Assessment.objects.filter(
        person=enrolment.person_id,
        state=Assessment.State.DONE,
        finished_at__gte=enrolment.screening.closed_at,
    )
    return done.select_related("case", "person").order_by("finished_at", "pk").first()


def to_assess(actor: Actor, study: Study) -> list[Enrolment]:
    """Whom a reader of the panel reads, and has not read yet, in the order of their codes: neither
    the order nor who is among them tells what screening said of one of them."""
    if study.state != Study.State.ENROLLING or not reads_for(actor, study):
        return []
    read = PanelReading.objects.filter(enrolment=OuterRef("pk"), reader=actor.id)
    found = with_assessment(enrolled_people(study).filter(drawn=True)).exclude(Exists(read))
    rows = list(found.order_by("code"))
    cases = cases_of(study.pk, rows)
    return list(islice((row for row in rows if may(actor, ASSESS, cases[row.pk])), MOST))


def supervisors_of(organisation: Organisation | UUID) -> list[UUID]:
    """Who supervises for an organisation: they open interviews, and read for no study."""
    held = grants_in_force().filter(organisation=organisation, role=Role.SUPERVISOR.value)
    return list(held.values_list("user", flat=True))


def reads_for(actor: Actor, study: Study) -> bool:
    """Whether somebody is a reader of the panel."""
    return PanelMember.objects.filter(study=study, user=actor.id).exists()


def read_without_help(organisations: Iterable[UUID]) -> QuerySet[Enrolment]:
    """People whom a reader has read and whom nobody has helped since: somebody looks today whether
    they need help, whatever was found, so that to be listed tells nothing of it. A case that was
    open at the reading, or later, is help."""
    first = PanelReading.objects.filter(enrolment=OuterRef("pk")).order_by("read_at")
    rows = Enrolment.objects.filter(organisation__in=list(organisations))
    rows = rows.annotate(read_at=Subquery(first.values("read_at")[:1])).exclude(read_at=None)
    helped = Case.objects.filter(person=OuterRef("person")).filter(
        Q(state=Case.State.OPEN) | Q(closed_at__gte=OuterRef("read_at"))
    )
    rows = rows.filter(person__protected=False, person__erased_at=None).exclude(Exists(helped))
    return rows.select_related("person", "screening__site").order_by("consented_at", "pk")


def names_of(keys: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of staff by their key."""
    found = User.objects.filter(pk__in={key for key in keys if key is not None})
    return dict(found.values_list("pk", "display_name"))
