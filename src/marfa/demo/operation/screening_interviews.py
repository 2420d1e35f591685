"""Screenings, led as officers lead them; what they find is scored by the screening library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID

from marfa.apps.registry.models import Person
from marfa.apps.screening import instruments
from marfa.apps.screening.actions import (
    answer_lowering,
    ask_first,
    ask_to_lower,
    decline_help,
    finish_screening,
    hand_over,
    keep_answers,
    look_at_conditions,
    open_screening,
    put_off,
    raise_outcome,
    stop_screening,
    take_up,
)
from marfa.apps.screening.demo import HOLD
from marfa.apps.screening.models import HandOver, OutcomeChange, Screening
from marfa.demo.operation import words
from marfa.demo.operation.staff import SiteStaff, Staff
from marfa.demo.operation.timeline import Timeline
from marfa.domain.addressee import Addressee
from marfa.domain.fiction import made_up
from marfa.methods.screening import Panel
from marfa.methods.screening.delphi import Signal
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

SHORT, OF_A_CHILD, LONG = "registration-risk", "unaccompanied-child", "ilo-delphi-labour-adult"
ANSWERS, WEIGHTS = ("no", "yes", "unknown", "refused", "not_asked"), (80, 1.5, 6, 5, 7.5)
OF_CHILDREN = (80, 0, 6, 5, 7.5)
SURE = ("rr-papers-held", "rr-unpaid", "rr-movement", "rr-debt", "rr-offer")
LANGUAGES = ("ar", "ar", "ar", "fr", "en", "ru")
Opened = Callable[[HandOver, Screening, datetime], object]


@dataclass
class Talk:
    """One talk. leads: whether it is to lead to protection; then the person tells enough for it.
    opened: what follows when somebody of protection has taken them up; worker: who does.
    language: in which they are spoken with; empty: one that is drawn."""

    person: UUID
    place: SiteStaff
    officer: Actor
    at: datetime
    child: bool
    leads: bool = False
    opened: Opened | None = None
    stated: dict[str, str] | None = None
    worker: Actor | None = None
    language: str = ""


class Talks:
    """Plans talks on the timeline and leads them."""

    def __init__(self, line: Timeline, staff: Staff, seed: int) -> None:
        self.line, self.staff, self.seed = line, staff, seed
        self.panel = cache(instruments.instrument_panel)

    def plan(self, talk: Talk, number: int) -> None:
        """number: of the talk, from which all that chance decides in it is drawn."""
        draw = Random(f"{self.seed}-talk-{number}")  # noqa: S311 - made-up answers
        self.line.at(talk.at, lambda: self._begin(talk, draw))

    def _begin(self, talk: Talk, draw: Random) -> None:
        fate = "asked" if talk.leads or talk.child else _fate(draw)
        panel = self.panel(_instrument(talk, draw))
        with together(), open_vault():
            row = self._opened(talk, draw)
            if fate in ("declined", "not_safe"):
                put_off(
                    actor=talk.officer,
                    screening=row,
                    declined=fate == "declined",
                    why="" if fate == "declined" else words.NOT_ALONE.of(row.person),
                )
                return
            use = instruments.panel_use(panel, row.language)
            # The long list is one of protection.
            long = panel.instruments[0].name == LONG
            asks = self.staff.boss if long else talk.officer
            ask_first(actor=asks, screening=row, base_version=row.version, panel=panel, use=use)
        lasts = timedelta(minutes=draw.randrange(11, 40))
        if fate == "stopped":
            self.line.at(talk.at + lasts, lambda: self._stop(talk, row))
        else:
            self.line.at(talk.at + lasts, lambda: self._end(talk, row, panel, draw))

    def _opened(self, talk: Talk, draw: Random) -> Screening:
        person = Person.objects.select_related("site").get(pk=talk.person)
        form = Addressee.MASCULINE if person.sex == "male" else Addressee.FEMININE
        drawn = draw.choice(LANGUAGES)
        row = open_screening(
            actor=talk.officer,
            person=person,
            site=talk.place.site,
            language=talk.language or drawn,
            addressee=form,
        )
        look_at_conditions(actor=talk.officer, screening=row, base_version=row.version, told=HOLD)
        return row

    def _stop(self, talk: Talk, row: Screening) -> None:
        stop_screening(actor=talk.officer, screening=row, why=words.TIRED.of(row.person))

    def _end(self, talk: Talk, row: Screening, panel: Panel, draw: Random) -> None:
        with together(), open_vault():
            keep_answers(
                actor=talk.officer,
                screening=row,
                base_version=row.version,
                stated=talk.stated or _told(panel, draw, talk),
                observed={},
            )
            finish_screening(
                actor=talk.officer,
                screening=row,
                base_version=row.version,
                panel=panel,
                use=instruments.panel_use(panel, row.language),
                wish=_wish(row, draw),
            )
            reason = row.indication != "none_seen"
        self._after(talk, row, draw, reason=reason)

    def _after(self, talk: Talk, row: Screening, draw: Random, *, reason: bool) -> None:
        soon = self._now(row) + timedelta(minutes=draw.randrange(4, 15))
        if talk.leads:
            self.line.at(soon, lambda: self._hand_over(talk, row, draw))
        elif reason:
            self.line.at(soon, lambda: self._with_a_reason(talk, row, draw))
        elif draw.random() < 0.03 and not talk.child:
            self.line.at(soon, lambda: _raise(talk, row))

    def _hand_over(self, talk: Talk, row: Screening, draw: Random) -> None:
        ground = HandOver.Ground.CHILD if talk.child else HandOver.Ground.AGREED
        made = hand_over(actor=talk.officer, screening=row, ground=ground)
        hours = 0.6 if row.urgency == "now" else draw.uniform(0.5, 20)
        worker = talk.worker or draw.choice(talk.place.workers)
        at = made.made_at + timedelta(hours=hours)
        self.line.at(at, lambda: self._taken(talk, row, made, worker, at))

    def _taken(
        self, talk: Talk, row: Screening, made: HandOver, worker: Actor, at: datetime
    ) -> None:
        take_up(actor=worker, hand_over=made)
        made.refresh_from_db()
        if talk.opened is not None:
            talk.opened(made, row, at)

    def _with_a_reason(self, talk: Talk, row: Screening, draw: Random) -> None:
        """The person says no, or a colleague looks whether it is one; a child is handed over."""
        if talk.child:
            self._hand_over(talk, row, draw)
        elif talk.officer.id != self.staff.boss.id and draw.random() < 0.3:
            change = ask_to_lower(
                actor=talk.officer,
                screening=row,
                indication="none_seen",
                urgency="routine",
                sentence=words.LOWER.of(row.person),
            )
            agree = row.instrument == SHORT and draw.random() < 0.65
            later = self._now(row) + timedelta(hours=draw.uniform(1, 30))
            self.line.at(later, lambda: self._looked(talk, row, change, agree=agree))
        else:
            _declined(talk, row)

    def _looked(self, talk: Talk, row: Screening, change: OutcomeChange, *, agree: bool) -> None:
        """A second person agrees that it is no reason; or the person is asked what they want."""
        answer_lowering(actor=self.staff.boss, change=change, agree=agree)
        if not agree:
            _declined(talk, row)

    def _now(self, row: Screening) -> datetime:
        if row.closed_at is None:
            raise RuntimeError("the talk has not ended")
        return row.closed_at


def _raise(talk: Talk, row: Screening) -> None:
    raise_outcome(
        actor=talk.officer,
        screening=row,
        indication="at_risk",
        urgency="days",
        sentence=words.HIGHER.of(row.person),
    )
    _declined(talk, row)


def _declined(talk: Talk, row: Screening) -> None:
    """The person says no to protection, and how they may be reached."""
    decline_help(actor=talk.officer, screening=row, reach=words.REACH.of(row.person))


def _wish(row: Screening, draw: Random) -> str:
    """What the person wishes, in the language in which they were spoken with."""
    wish = draw.choice(words.WISHES[row.language])
    return made_up(wish, row.language) if wish else ""


def _fate(draw: Random) -> str:
    kinds = {"asked": 90, "declined": 4, "not_safe": 3, "stopped": 3}
    return draw.choices(list(kinds), list(kinds.values()))[0]


def _instrument(talk: Talk, draw: Random) -> str:
    if talk.child:
        return OF_A_CHILD
    if talk.leads or talk.stated:
        return SHORT
    return LONG if draw.random() < 0.12 else SHORT


def _told(panel: Panel, draw: Random, talk: Talk) -> dict[str, str]:
    """Made-up answers: mostly no, some open, few yes; nobody is in danger tonight."""
    items = panel.instruments[0].items
    # A child of whom anything is told is handed over, and then there is a case.
    weights = WEIGHTS if talk.leads or not talk.child else OF_CHILDREN
    told = {item.id: draw.choices(ANSWERS, weights)[0] for item in items}
    if talk.leads:
        known = [item.id for item in items if item.id in SURE] or [items[0].id, items[1].id]
        told |= dict.fromkeys(draw.sample(known, min(2, len(known))), "yes")
    return told | {item.id: "no" for item in items if Signal.NOW in item.signals}
