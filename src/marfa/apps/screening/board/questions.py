"""Answers that are missing, question by question. Talks are opened for it, on the record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from marfa.apps.organisations.models import Site
from marfa.apps.registry.visibility import about_people_where
from marfa.apps.screening import instruments
from marfa.apps.screening.answers import answers_in, merge_answers
from marfa.apps.screening.board.interviews import countable_people, supervised_sites
from marfa.apps.screening.models import Screening, ScreeningAnswer
from marfa.domain.message import InputError
from marfa.methods.screening import Answer, Instrument
from marfa.methods.screening.answers import AGES, Age
from marfa.methods.screening.quality import Interval, wilson
from marfa.methods.screening.quality.disparity import SMALLEST
from marfa.methods.screening.score import answer_of
from marfa.platform.once import answers_kept
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.fields.register import facts_of
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

MOST = 500
"""Talks of one site that are opened at most: the newest."""
READ = ("stated", "observed")
Key = tuple[str, str]
"""Name of an instrument, and an item of it."""


@dataclass(frozen=True)
class Gap:
    """One question: in how many finished talks it belonged, and how often nothing came of it.

    open: share without a yes or a no, with its interval; None for too few talks.
    """

    words: str
    talks: int
    unknown: int
    refused: int
    not_asked: int
    open: Interval | None


@dataclass(frozen=True)
class Gaps:
    """All questions of one list, the one with the most gaps first."""

    title: str
    questions: tuple[Gap, ...]


def gaps_since(actor: Actor, since: datetime) -> list[Gaps]:
    """What is missing in the newest finished talks of each site where somebody supervises.

    One entry in the log for each site, over the talks that were opened. Raises DeniedError.
    """
    counts: dict[Key, Counter[Answer]] = defaultdict(Counter)
    for site in supervised_sites(actor):
        found = Screening.objects.filter(
            about_people_where(countable_people(actor)),
            site=site,
            state=Screening.State.FINISHED,
            closed_at__gte=since,
        )
        rows = list(found.order_by("-closed_at", "pk")[:MOST])
        if rows:
            _open(actor, site, rows, counts)
    return _in_words(counts)


def _open(
    actor: Actor, site: Site, rows: list[Screening], counts: dict[Key, Counter[Answer]]
) -> None:
    with (
        reading(
            actor=actor,
            code="records.read",
            purpose=Purpose.SCREENING,
            resource=record_of_site(site, READ),
        ) as act,
        open_vault() as vault,
        # The lists are the same for all talks.
        answers_kept(),
    ):
        act.rows(row.pk for row in rows)
        act.note(what="missing_answers")
        vault.load(row.person_id for row in rows)
        told = _answers_by_talk(rows)
        for row in rows:
            kept = answers_in(row, told[row.pk])
            answers = merge_answers(kept.stated, kept.observed)
            for instrument in _instruments(row):
                for item in instrument.items:
                    counts[instrument.name, item.id][answer_of(item, answers)] += 1


def _answers_by_talk(rows: list[Screening]) -> Mapping[UUID, list[ScreeningAnswer]]:
    found: dict[UUID, list[ScreeningAnswer]] = defaultdict(list)
    for answer in ScreeningAnswer.objects.filter(screening__in=[row.pk for row in rows]):
        found[answer.screening_id].append(answer)
    return found


def record_of_site(site: Site, fields: Iterable[str]) -> Resource:
    """Some fields of talks at one site; nobody who is protected is among them."""
    tier, purposes = facts_of(Screening, fields)
    nobody: frozenset[UUID] = frozenset()
    facts: dict[str, Value] = {
        "organisation": site.organisation_id,
        "site": site.pk,
        "protected": False,
        "erased": False,
        "tier": tier,
        "purposes": purposes,
        **dict.fromkeys(("assigned", "granted", "excluded", "excluded_places"), nobody),
    }
    return Resource("Record", site.pk, facts)


def _instruments(row: Screening) -> Iterable[Instrument]:
    """The lists that a talk asked with; none where they are not here any more."""
    try:
        panel = instruments.instrument_panel(row.instrument)
    except InputError:
        return ()
    profiles = panel.for_age(AGES.get(row.age, Age.UNKNOWN))
    return [profile.instrument for profile in profiles]


def _in_words(counts: dict[Key, Counter[Answer]]) -> list[Gaps]:
    found = []
    language = get_language() or "en"
    for name in sorted({name for name, _item in counts}):
        instrument = instruments.instrument_library().instrument(name)
        texts = instruments.instrument_wording(instrument, language).texts
        gaps = [
            _gap(texts[item.id].words() if item.id in texts else item.id, counts[name, item.id])
            for item in instrument.items
        ]
        gaps.sort(key=lambda gap: -(gap.unknown + gap.refused + gap.not_asked))
        found.append(Gaps(texts["title"].words() if "title" in texts else name, tuple(gaps)))
    return found


def _gap(words: str, count: Counter[Answer]) -> Gap:
    talks = count.total()
    unknown, refused = count[Answer.UNKNOWN], count[Answer.REFUSED]
    not_asked = count[Answer.NOT_ASKED]
    missing = unknown + refused + not_asked
    share = wilson(missing, talks) if talks >= SMALLEST else None
    return Gap(words, talks, unknown, refused, not_asked, share)
