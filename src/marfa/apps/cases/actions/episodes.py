"""Episodes of exploitation, as the person tells them.

What they may have been forced to do has no field here: it is written down with counsel, or not at
all (resolution 2388, OP17).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from marfa.apps.cases.action_base import LONGEST, case_action, case_columns, create_case_row
from marfa.apps.cases.models import Case, ExploitationEpisode
from marfa.apps.form_pages.editor import Change
from marfa.domain.codelists import codelist
from marfa.domain.countries import country_by_code
from marfa.domain.dates import from_storage
from marfa.domain.dates.answer import Answer
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.actor import Actor

LISTS = {
    "forms": "exploitation_forms",
    "recruitment": "vic_method_of_recruitment",
    "control": "vic_methods_of_control",
    "industries": "vic_forced_labour_industry",
    "sexual": "vic_type_of_sex_exploitation",
    "conflict_links": "conflict_link",
}
RELATION = "vic_relationship_to_trafficker"
ALONE = ("none", "unknown")
"""Of the links to a conflict: these stand alone."""

OLDEST = 120
TEXTS = ("place", "group", "words")
FIELDS = frozenset(
    {*LISTS, *TEXTS, "relation", "countries", "since", "until", "age", "state_actor"}
)


def add_episode(*, actor: Actor, case: Case) -> ExploitationEpisode:
    """An episode of which nothing is written yet; one's own that is still empty, if there is one.

    Raises DeniedError; InputError in a closed case.
    """
    with case_action(actor, case, "add_episode") as act:
        empty = ExploitationEpisode.objects.filter(case=case, recorded_by=actor.id, version=1)
        found = empty.first()
        if found is not None:
            return found
        row = ExploitationEpisode(
            **case_columns(case), recorded_at=clock.now(), recorded_by=actor.id
        )
        create_case_row(act, row)
    return row


def write_episode(row: ExploitationEpisode, told: Change) -> Saved:
    """Save what the person tells of an episode, as somebody who saw ``base_version`` meant it.

    since, until: as ``dates.to_storage`` writes them. Every field may stay empty. It changes
    neither help nor urgency. Raises DeniedError; InputError naming the field; ConflictError.
    """
    if odd := set(told.changes) - FIELDS:
        raise KeyError(odd)
    for name, value in told.changes.items():
        _check(name, value)
    with case_action(told.actor, row.case, "episode") as act:
        return act.save(
            row,
            base_version=told.base_version,
            changes=told.changes,
            mine=told.mine,
            derived=_together,
        )


def _check(name: str, value: object) -> None:
    """One value by itself."""
    if value in (None, "", []):
        return
    if name in LISTS:
        known = codelist(LISTS[name])
        if not isinstance(value, list) or any(code not in known for code in value):
            raise InputError.at(Message("apps.cases:choose-listed"), field=name)
    elif name == "countries":
        _check_way(value if isinstance(value, list) else [value])
    elif name in ("since", "until"):
        _check_date(name, str(value))
    elif name == "age":
        if not isinstance(value, int) or not 0 <= value <= OLDEST:
            params = {"least": 0, "most": OLDEST}
            raise InputError.at(Message("apps.cases:number-range", params), field=name)
    elif name in TEXTS:
        if len(str(value)) > LONGEST:
            raise InputError.at(Message("apps.cases:words-long", {"most": LONGEST}), field=name)
    elif value not in (codelist(RELATION) if name == "relation" else ("yes", "no")):
        raise InputError.at(Message("apps.cases:choose-one"), field=name)


def _check_way(codes: list[object]) -> None:
    for code in codes:
        try:
            country_by_code(str(code))
        except InputError as error:
            raise InputError.at(error.problems[0].message, field="countries") from None


def _check_date(name: str, stored: str) -> None:
    try:
        told = from_storage(stored)
    except InputError as error:
        raise InputError.at(error.problems[0].message, field=name) from None
    # The latest day that it is anywhere: at a site in the east it is tomorrow already.
    if told.earliest > (clock.now() + timedelta(hours=14)).date():
        raise InputError.at(Message("apps.cases:day-to-come"), field=name)


def _together(values: Mapping[str, object]) -> Mapping[str, object]:
    """What must hold of all of them, also where two people wrote them."""
    links = values.get("conflict_links")
    if isinstance(links, list) and len(links) > 1 and set(ALONE) & set(links):
        raise InputError.at(Message("apps.cases:stands-alone"), field="conflict_links")
    since, until = values.get("since"), values.get("until")
    if since and until:
        ended = from_storage(str(until)).is_before(from_storage(str(since)))
        if ended is Answer.YES:
            raise InputError.at(Message("apps.cases:ends-before"), field="until")
    return {}
