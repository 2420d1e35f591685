"""Coded answers of an organisation's own questions: kept when a form is accepted, and counted.

Only what the published version declares as counted is kept (``marfa::count``), and only codes that
its questions offer. Everything else stays sealed in the form, where nothing searches it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import get_language

from marfa.apps.forms.answers import questions_of
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import CodedAnswer, FormDefinition, FormVersion, Submission
from marfa.apps.forms.models.coded_answers import LONGEST_CODE
from marfa.apps.forms.queries import answers_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.visibility import about_people_where
from marfa.methods.xforms import QuestionKind, Surroundings, start
from marfa.methods.xforms.places import bind_places
from marfa.platform import clock
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition

COUNT = "people.count"


def counted_paths(version: FormVersion) -> list[str]:
    """The questions of a version that are counted, by their paths."""
    return [path for path, asked in version.asks.items() if asked.get("counted")]


def keep_coded_answers(act: Act, submission: Submission) -> None:
    """Within what accepts a form of a known person: what it answers to counted questions, in place
    of what an earlier one of the same form said."""
    paths = set(counted_paths(submission.version))
    if not paths or submission.handed_over_at is None:
        return
    person = Person.objects.get(pk=submission.subject)
    earlier = CodedAnswer.objects.filter(person=person, form=submission.form_id)
    if earlier.filter(submission__received_at__gt=submission.received_at).exists():
        return  # it was accepted late, and a newer one stands already
    act.delete(earlier)
    for path, code in sorted(set(_codes(submission, paths))):
        act.create(
            CodedAnswer(
                organisation_id=person.organisation_id,
                person=person,
                form_id=submission.form_id,
                submission=submission,
                question=path,
                code=code,
                at=clock.now(),
            )
        )


def _codes(submission: Submission, paths: set[str]) -> Iterator[tuple[str, str]]:
    """Codes that the questions offer; whatever else a device sent is not among them."""
    form = model_of(submission.version)
    offered = {path: set(labels) for path, labels in labels_of(submission.version).items()}
    root = answers_of(submission)
    list(bind_places(root, form))
    for node in root.walk():
        spot = getattr(node, "spot", None)
        question = spot.question if spot is not None else None
        if question is None or question.spot.path not in paths:
            continue
        text = node.string().strip()
        many = question.kind is QuestionKind.SELECT_MANY
        for code in text.split() if many else [text]:
            if code in offered.get(question.spot.path, ()) and len(code) <= LONGEST_CODE:
                yield question.spot.path, code


def labels_of(version: FormVersion) -> dict[str, dict[str, str]]:
    """Counted question -> its codes with their labels, in the reader's language."""
    form = model_of(version)
    language = form.language(get_language() or "")
    state = start(form, Surroundings(clock.now(), language))
    return {
        path: {choice.value: choice.label for choice in state.choices(path, language)}
        for path in counted_paths(version)
    }


@dataclass(frozen=True)
class CountedCode:
    """How many people answered with a code, of those whom the reader may count."""

    code: str
    label: str
    people: int


@dataclass(frozen=True)
class CountedQuestion:
    """A question that is counted, with each of its codes."""

    path: str
    label: str
    codes: list[CountedCode]


def answered_by(actor: Actor, form: FormDefinition) -> QuerySet[CodedAnswer]:
    """The coded answers of people whom an actor may know of and count."""
    seen = visibility_condition(PERSON, actor) & visibility_condition(PERSON, actor, COUNT)
    return CodedAnswer.objects.filter(about_people_where(seen), form=form)


def count_answers(actor: Actor, version: FormVersion) -> list[CountedQuestion]:
    """Each counted question with each of its codes, one query."""
    rows = answered_by(actor, version.form).values_list("question", "code")
    found = {(path, code): n for path, code, n in rows.annotate(n=Count("person", distinct=True))}
    named = questions_of(version, get_language() or "")
    return [
        CountedQuestion(
            path,
            named.get(path, path),
            [CountedCode(code, label, found.get((path, code), 0)) for code, label in codes.items()],
        )
        for path, codes in labels_of(version).items()
    ]


def people_who_answered(
    actor: Actor, version: FormVersion, path: str, code: str
) -> QuerySet[Person]:
    """Those whom a number of ``count_answers`` counts."""
    told = answered_by(actor, version.form).filter(question=path, code=code)
    return Person.objects.filter(pk__in=told.values("person")).order_by("code")
