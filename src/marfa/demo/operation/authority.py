"""What the authority of the made-up country is asked, and what it decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from marfa.apps.cases.actions import (
    appeal_decision,
    ask_authority,
    record_decision,
    withdraw_request,
)
from marfa.apps.cases.models import Case, FormalIdentification
from marfa.demo.operation import words
from marfa.demo.operation.story import Story
from marfa.demo.operation.timeline import Timeline
from marfa.platform import clock

FATES = ("identified", "refused", "appealed", "withdrawn", "asked", "identified", "won")
"""In turn, so that each occurs also among few. asked: not decided yet. won: refused at first, and
identified after an appeal."""
DAY = timedelta(days=1)


class Authority:
    """Plans requests to the authority on the timeline."""

    def __init__(self, line: Timeline) -> None:
        self.line = line

    def plan(self, story: Story, fate: str, at: datetime) -> None:
        self.line.at(at, partial(self._ask, story, fate))

    def _ask(self, story: Story, fate: str) -> None:
        case = story.now()
        if case.state != Case.State.OPEN:
            return
        row = ask_authority(
            actor=story.worker, case=case, yes=True, wish=words.WISH.of(case.person)
        )
        later = clock.now() + DAY * story.draw.uniform(14, 60)
        if fate == "withdrawn":
            self.line.at(later, partial(self._withdraw, story, row))
        elif fate == "identified":
            self.line.at(later, partial(self._decide, story, row, "identified"))
        elif fate != "asked":
            self.line.at(later, partial(self._refuse, story, row, fate))

    def _withdraw(self, story: Story, row: FormalIdentification) -> None:
        withdraw_request(actor=story.worker, formal=_stored(row))

    def _decide(self, story: Story, row: FormalIdentification, decision: str) -> None:
        formal = _stored(row)
        record_decision(
            actor=story.worker,
            formal=formal,
            decision=decision,
            reasons=words.REASONS.of(formal.case.person) if decision == "refused" else "",
            file_number=f"QZ/{story.draw.randrange(1000, 9999)}",
        )

    def _refuse(self, story: Story, row: FormalIdentification, fate: str) -> None:
        self._decide(story, row, "refused")
        if fate != "refused":
            later = clock.now() + DAY * story.draw.uniform(3, 25)
            self.line.at(later, partial(self._appeal, story, row, fate))

    def _appeal(self, story: Story, row: FormalIdentification, fate: str) -> None:
        if story.now().state != Case.State.OPEN:
            return
        formal = _stored(row)
        wish = words.APPEAL.of(formal.case.person)
        made = appeal_decision(actor=story.worker, formal=formal, yes=True, wish=wish)
        if fate == "won":
            later = clock.now() + DAY * story.draw.uniform(14, 45)
            self.line.at(later, partial(self._decide, story, made, "identified"))


def _stored(row: FormalIdentification) -> FormalIdentification:
    found = FormalIdentification.objects.select_related("case__person", "case__site")
    return found.get(pk=row.pk)
