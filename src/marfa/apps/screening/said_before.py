"""What was said in the private conversation before, and is not asked again.

``said_before.toml`` declares which item is the same fact as which question. It counts only where
both are put in the same words, so that an installation's own wording of one of them is no answer to
the other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.reception.models import ConversationAnswer, PrivateConversation
from marfa.apps.reception.questions import OWN, SET, question_text
from marfa.apps.reception.reasons import Fact
from marfa.apps.screening.instruments import instrument_library
from marfa.apps.screening.models import Screening
from marfa.apps.screening.policy_facts import record_of
from marfa.apps.screening.queries import purpose_of
from marfa.domain.addressee import Addressee
from marfa.methods.screening import Panel
from marfa.methods.screening.instrument import Instrument
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide

DECLARED = Path(__file__).parent / "said_before.toml"
COUNTS_FOR = timedelta(days=7)
"""How long an answer stands for what is so now; after that it is asked again."""
READ, FIELDS = "records.read", ("stated", "observed")
State = PrivateConversation.State


@dataclass(frozen=True)
class SaidBefore:
    """An answer in the private conversation, for the item that means the same. stated, observed:
    codes of answers, None where nothing was said or seen."""

    item: str
    stated: str | None
    observed: str | None
    at: datetime


@lru_cache(maxsize=1)
def same_facts() -> Mapping[str, Mapping[str, Fact]]:
    """List -> item -> question of the private conversation."""
    told = tomllib.loads(DECLARED.read_text(encoding="utf-8"))
    return {
        name: {item: Fact(question) for item, question in items.items()}
        for name, items in told.items()
    }


def answers_before(actor: Actor, screening: Screening, panel: Panel) -> list[SaidBefore]:
    """What the person said to a question that an item of these lists would put again; within
    ``open_vault()``. Nothing where the charter does not let the actor read it; that it was read is
    on the record. A private conversation that was stopped is as if there had been none."""
    items = dict(_same_in(panel, screening))
    held = _newest_interview(screening) if items else None
    if held is None:
        return []
    resource = record_of(screening.person, ConversationAnswer, FIELDS)
    purpose = purpose_of(actor)
    if not decide(actor, READ, resource, {"on_record": True, "purpose": purpose.value}).allowed:
        return []
    rows = held.answers.exclude(answered_at=None).filter(question__in=items)
    with reading(
        actor=actor, code=READ, purpose=purpose, resource=resource, subject=screening.person_id
    ):
        return [
            SaidBefore(items[row.question], row.stated or None, row.observed or None, at)
            for row in rows
            if (at := row.answered_at) is not None and (row.stated or row.observed)
        ]


def _newest_interview(screening: Screening) -> PrivateConversation | None:
    since = clock.now() - COUNTS_FOR
    held = PrivateConversation.objects.filter(person=screening.person_id, began_at__gte=since)
    return held.exclude(state=State.STOPPED).order_by("-began_at", "-pk").first()


def _same_in(panel: Panel, screening: Screening) -> Iterator[tuple[str, str]]:
    """Question -> the item that is the same."""
    for instrument in panel.instruments:
        for item, fact in same_facts().get(instrument.name, {}).items():
            if _same_words(instrument, item, fact, screening):
                yield fact.value, item


def _same_words(instrument: Instrument, item: str, fact: Fact, screening: Screening) -> bool:
    """Whether both are put in the same words, in the language of the interview; where the private
    one lacks it, in English."""
    there = screening.language.split("-")[0]
    language = there if there in load_leaflets(SET, OWN) else "en"
    form = Addressee(screening.addressee)
    text = instrument_library().wording(instrument, language).texts.get(item)
    asked = question_text(fact, language, form, live=False)
    return text is not None and text.words(form) == asked
