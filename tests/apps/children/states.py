"""Children in each state of what is owed to them, for the crawl of every state."""

from __future__ import annotations

from collections.abc import Callable

from marfa.apps.children.actions.duties import add_step
from marfa.apps.children.actions.endings import agree_to_end_duty, ask_to_end_duty, keep_duty
from marfa.apps.children.models import Duty, DutyStep
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from tests.support.acts import act_of


def make_duty_states(register: Callable[[], Person], boss: Actor, worker: Actor) -> None:
    """Each way in which a duty is met and ends, and each step of its history."""
    for met in ("completed", "care", "referral", "decision"):
        until = clock.now() if met == "decision" else None
        rows = Duty.objects.filter(person=register())
        rows.update(met_by=met, met_at=clock.now(), met_until=until)
    for reason in ("adult_services", "died", "twice"):
        person = register()
        if reason == "adult_services":
            Person.objects.filter(pk=person.pk).update(child_until=clock.now().date())
        if reason == "died":
            now = clock.now()
            Person.objects.filter(pk=person.pk).update(presence="died", left_at=now)
        person.refresh_from_db()
        ask_to_end_duty(actor=worker, person=person, reason=reason, text="It is so")
        if reason == "twice":
            keep_duty(actor=boss, person=person)
            ask_to_end_duty(actor=worker, person=person, reason=reason, text="It is so")
        if reason != "twice":
            agree_to_end_duty(actor=boss, person=person)
    row = Duty.objects.get(person=register())
    for kind in DutyStep.Kind.values:
        told = boss.id if kind == "told" else None
        add_step(act_of(boss), row, DutyStep.Kind(kind), code="due" if told else "", told=told)
