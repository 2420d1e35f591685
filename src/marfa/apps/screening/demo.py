"""The app's part of a demonstration: talks in every state, for the queue, the hand-overs and the
board. What was said is made up, and the same each time."""

from __future__ import annotations

import random
from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.forms.actions.decisions import accept_submission, recheck_submission
from marfa.apps.forms.actions.submissions import receive_submission
from marfa.apps.forms.actions.versions import publish_version
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.instances import read_told
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.demo import SITES, SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of, data_controller
from marfa.apps.registry.actions import NewPerson, register_person
from marfa.apps.registry.models import Person
from marfa.apps.screening import instruments
from marfa.apps.screening.actions import (
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
from marfa.apps.screening.conditions import Condition, Met
from marfa.apps.screening.instrument_forms import PREFIX, add_instrument_form
from marfa.apps.screening.models import HandOver, Screening
from marfa.domain.addressee import Addressee
from marfa.domain.dates import born_when_aged
from marfa.domain.fiction import made_up
from marfa.methods.screening import Panel
from marfa.methods.screening.delphi import Signal
from marfa.methods.xforms import Surroundings, evaluate, submission_xml
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

SEED = 2388
WITH = "registration-risk"
HOLD = {each.value: Met.YES.value for each in Condition} | {
    Condition.INTERPRETER.value: Met.NOT_NEEDED.value,
    Condition.NO_TIE.value: Met.NOT_NEEDED.value,
}
ANSWERS, WEIGHTS = ("no", "yes", "unknown", "refused", "not_asked"), (70, 4, 8, 8, 10)
JUST_NOW = timedelta(minutes=30)
"""Whom the demonstration registers by hand came within so long; all others have their own story."""
WISHES = (made_up("أن أتصل بأختي."), made_up("أن أنام بسلام."), "")
CAME_BY_BUS = 17
"""People who come to the harbour without telling a name, and are spoken with there."""


def make_demo(desks: tuple[Desk, ...]) -> None:
    """Talks at both sites, where there are people to speak with."""
    officer = User.objects.filter(username=Desk.RECEPTION.value).first()
    boss = User.objects.filter(username=SUPERVISOR).first()
    helper = User.objects.filter(username=Desk.PROTECTION.value).first()
    if officer is None or boss is None or helper is None:
        return
    chance = random.Random(SEED)  # noqa: S311 - made-up answers
    with row_context(actor_of(boss).organisations):
        gate, harbour = (Site.objects.get(name=name) for name, _zone in SITES)
        here = _Desk(gate, actor_of(officer), chance, _grown_up(gate))
        if not here.left:
            return
        came = _come_by_bus(harbour, actor_of(boss), chance)
        there = _Desk(harbour, actor_of(boss), chance, came)
        _at_the_gate(here, actor_of(helper))
        _at_the_harbour(there)
        _as_a_form(actor_of(officer), actor_of(boss))


def _grown_up(site: Site) -> list[Person]:
    """Who has just come, the oldest first; of whom no age is known is not among them."""
    since = clock.now() - JUST_NOW
    present = Person.objects.filter(
        site=site, presence=Person.Presence.PRESENT, registered_at__gte=since
    )
    return list(present.exclude(child_until=None).order_by("child_until", "registered_at"))


def _come_by_bus(site: Site, actor: Actor, chance: random.Random) -> list[Person]:
    found = []
    for number in range(CAME_BY_BUS):
        age = chance.randint(19, 60)
        told = NewPerson(
            sex="male" if number % 3 == 0 else "female",
            born=born_when_aged(age, age, clock.today(site.time_zone)),
            basis="stated",
        )
        found.append(
            register_person(actor=actor, purpose=Purpose.REGISTRATION, site=site, told=told)
        )
    return found


class _Desk:
    """Somebody who speaks with people of a site, one after another."""

    def __init__(
        self, site: Site, actor: Actor, chance: random.Random, people: list[Person]
    ) -> None:
        self.site, self.actor, self.chance, self.left = site, actor, chance, people
        self.panel = instruments.instrument_panel(WITH)

    def prepared(self) -> Screening:
        person = self.left.pop(0)
        earlier = person.registered_at - timedelta(hours=self.chance.randint(1, 60))
        Person.objects.filter(pk=person.pk).update(registered_at=earlier)
        form = Addressee.MASCULINE if person.sex == "male" else Addressee.FEMININE
        row = open_screening(
            actor=self.actor, person=person, site=self.site, language="ar", addressee=form
        )
        look_at_conditions(actor=self.actor, screening=row, base_version=1, told=HOLD)
        return row

    def asking(self, **stated: str) -> Screening:
        row = self.prepared()
        use = instruments.panel_use(self.panel, row.language)
        ask_first(actor=self.actor, screening=row, base_version=2, panel=self.panel, use=use)
        told = self.told(self.panel)
        told |= {item.replace("_", "-"): said for item, said in stated.items()}
        keep_answers(actor=self.actor, screening=row, base_version=3, stated=told, observed={})
        return row

    def finished(self, **stated: str) -> Screening:
        row = self.asking(**stated)
        finish_screening(
            actor=self.actor,
            screening=row,
            base_version=row.version,
            panel=self.panel,
            use=instruments.panel_use(self.panel, row.language),
            wish=self.chance.choice(WISHES),
        )
        return row

    def told(self, panel: Panel) -> dict[str, str]:
        """Made-up answers: mostly no, some open, few yes; nobody is in danger tonight."""
        items = panel.instruments[0].items
        told = {item.id: self.chance.choices(ANSWERS, WEIGHTS)[0] for item in items}
        return told | {item.id: "no" for item in items if Signal.NOW in item.signals}


def _at_the_gate(desk: _Desk, helper: Actor) -> None:
    """Before the first question, under way, nothing arranged yet, to be lowered; handed over, of
    whom one is taken up."""
    desk.prepared()
    desk.asking()
    desk.finished(rr_debt="yes")
    told = desk.finished(rr_papers_held="yes")
    theirs = _by_sex(
        told, "أوراقها عند أختها، لا عند صاحب عمل.", "أوراقه عند أخته، لا عند صاحب عمل."
    )
    ask_to_lower(
        actor=desk.actor,
        screening=told,
        indication="none_seen",
        urgency="routine",
        sentence=theirs,
    )
    for answer, taken in (("rr_threat", False), ("rr_unpaid", True)):
        row = desk.finished(**{answer: "yes"})
        made = hand_over(actor=desk.actor, screening=row, ground=HandOver.Ground.AGREED)
        if taken:
            take_up(actor=helper, hand_over=made)


def _at_the_harbour(desk: _Desk) -> None:
    """A stop, two talks that did not begin, the person's no, life in danger, one raised, and many
    that are at their end."""
    asked = desk.asking()
    tired = _by_sex(asked, "كانت متعبة.", "كان متعبًا.")
    stop_screening(actor=desk.actor, screening=asked, why=tired)
    put_off(actor=desk.actor, screening=desk.prepared(), declined=True)
    begun = desk.prepared()
    why = _by_sex(begun, "رفض ابن عمها مغادرة الغرفة.", "رفض ابن عمه مغادرة الغرفة.")
    put_off(actor=desk.actor, screening=begun, declined=False, why=why)
    decline_help(
        actor=desk.actor,
        screening=desk.finished(rr_offer="yes"),
        reach=made_up("عن طريق كشك الشاي، في الصباح."),
    )
    in_danger = desk.finished(rr_tonight="yes")
    hand_over(
        actor=desk.actor,
        screening=in_danger,
        ground=HandOver.Ground.LIFE_IN_DANGER,
        note=_by_sex(in_danger, "رجل ينتظرها عند البوابة.", "رجل ينتظره عند البوابة."),
    )
    held = desk.finished(rr_movement="yes")
    locked_in = _by_sex(held, "كانت محبوسة إلى أن غادر القارب.", "كان محبوسًا إلى أن غادر القارب.")
    raise_outcome(
        actor=desk.actor,
        screening=held,
        indication="presumed_victim",
        urgency="days",
        sentence=locked_in,
    )
    while desk.left:
        desk.finished()


def _by_sex(row: Screening, of_a_woman: str, of_a_man: str) -> str:
    """What is written of the person of a talk."""
    return made_up(of_a_man if row.person.sex == "male" else of_a_woman)


def _as_a_form(officer: Actor, boss: Actor) -> None:
    """The list is a form too; one was filled in, accepted, and is in nobody's record yet."""
    version = add_instrument_form(actor=by_command(), organisation=data_controller(), name=WITH)
    publish_version(actor=boss, version=version)
    model = model_of(version)
    paths = {question.spot.name: question.spot.path for question in model.questions()}
    told = {f"{PREFIX}{name}": met for name, met in HOLD.items()} | {"rr-debt": "yes"}
    answers = {paths[name]: said for name, said in told.items()}
    content = submission_xml(evaluate(model, answers, Surroundings(clock.now()))).encode()
    came = receive_submission(
        actor=officer, version=version, told=read_told(content), content=content, way="pages"
    )
    row = recheck_submission(actor=by_command(), submission=came.submission)
    accept_submission(actor=boss, submission=row)
