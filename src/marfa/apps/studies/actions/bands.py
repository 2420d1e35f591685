"""A band: proposed by what a study found, signed by two, and ended by its day or before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from marfa.apps.studies.actions.studies import study_action
from marfa.apps.studies.models import Band, Study
from marfa.apps.studies.queries import PLAN, SIGN
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

LONGEST = timedelta(days=730)
"""After two years another study has to say it again."""
TOO_FEW = frozenset({"study-few-flagged", "study-few-not-flagged", "study-nothing-said"})
RATES = ("sensitivity", "specificity")
FEWEST = 10
"""Assessed victims, and others, below which nothing is shown, whatever the plan asked for."""


def says_enough(result: Mapping[str, Any]) -> bool:
    """Whether a study found enough to be shown: both rates, and no fewer people than it needed."""
    said = {str(each["code"]).split(":")[-1] for each in result["remarks"]}
    victims, others = result["victims"], result["assessed"] - result["victims"]
    return (
        not said & TOO_FEW
        and min(victims, others) >= FEWEST
        and all(result[rate] is not None for rate in RATES)
        and all(_said_of(result, column) for column in ("site", "language"))
    )


def _said_of(result: Mapping[str, Any], column: str) -> list[str]:
    """The sites or languages in which enough people were assessed: of others it says nothing."""
    groups: Mapping[str, Mapping[str, Any]] = result["by"][column]
    return [name for name, told in groups.items() if told["assessed"] >= FEWEST]


def propose_band(*, actor: Actor, study: Study, ends: date) -> Band:
    """Put what a study found before those who sign. Raises InputError for a study that found too
    little, and for a day that is past or too far; DeniedError."""
    today = clock.now().date()
    if not today < ends <= today + LONGEST:
        raise InputError.at(Message("apps.studies:band-ends"), field="ends")
    with study_action(actor, study, PLAN, "propose_band") as act, open_vault():
        result = study.result
        if study.state != Study.State.CLOSED or not result:
            raise InputError.at(Message("apps.studies:no-result"))
        if not says_enough(result):
            raise InputError.at(Message("apps.studies:too-few"))
        if Band.objects.filter(study=study).exists():
            raise InputError.at(Message("apps.studies:proposed-already"))
        row = Band(
            organisation_id=study.organisation_id,
            study=study,
            author=study.author,
            instrument=study.instrument,
            digest=study.digest,
            words={code: study.words[code] for code in _said_of(result, "language")},
            setting=study.setting,
            sites=_said_of(result, "site"),
            children=study.children,
            figures={key: result[key] for key in (*RATES, "of_1000", "people", "assessed")},
            begins=today,
            ends=ends,
            proposed_at=clock.now(),
        )
        act.create(row)
    return row


def sign_band(*, actor: Actor, band: Band) -> None:
    """Sign it; with the second signature it is shown from that day on.

    The charter lets neither the author sign nor anybody twice, and the database holds the same.
    Raises InputError for one that has ended; DeniedError.
    """
    study = Study.objects.select_related("band").get(pk=band.study_id)
    with study_action(actor, study, SIGN, "sign_band") as act:
        band.refresh_from_db(from_queryset=Band.objects.select_for_update(no_key=True))
        now = clock.now()
        if band.ended_at is not None or band.ends <= now.date() or band.second_by is not None:
            raise InputError.at(Message("apps.studies:not-now"))
        if band.first_by == actor.id:  # pressed twice: the charter saw it before the first press
            raise InputError.at(Message("apps.studies:not-now"))
        if band.first_by is None:
            act.save(band, changes={"first_by": actor.id, "first_at": now})
        else:
            changes = {"second_by": actor.id, "second_at": now, "begins": now.date()}
            act.save(band, changes=changes)


def end_band(*, actor: Actor, band: Band) -> None:
    """Take it back before its day: it is shown nowhere from now on. Raises InputError;
    DeniedError."""
    study = Study.objects.get(pk=band.study_id)
    with study_action(actor, study, PLAN, "end_band") as act:
        band.refresh_from_db(from_queryset=Band.objects.select_for_update(no_key=True))
        if band.ended_at is not None:
            raise InputError.at(Message("apps.studies:not-now"))
        act.save(band, changes={"ended_at": clock.now(), "ended_by": actor.id})
