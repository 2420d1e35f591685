"""The app's part of a demonstration: one age in doubt, and an assessment that is under way."""

from __future__ import annotations

from marfa.apps.accounts.models import User
from marfa.apps.age_assessment.actions import ask_assessment
from marfa.apps.cases.actions import presume_victim, take_case
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import SUPERVISOR
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.domain.fiction import made_up
from marfa.platform.rowsecurity.context import row_context


def make_demo(desks: tuple[Desk, ...]) -> None:
    """Somebody whose age is in doubt: a school asks for a paper that says it."""
    boss = User.objects.filter(username=SUPERVISOR).first()
    if Desk.PROTECTION not in desks or boss is None:
        return
    actor = actor_of(boss)
    with row_context(actor.organisations):
        doubted = Person.objects.filter(age_disputed=True, erased_at=None)
        person = doubted.filter(presence=Person.Presence.PRESENT).order_by("pk").first()
        if person is None:
            return
        case = Case.objects.filter(person=person, state=Case.State.OPEN).first()
        if case is None:
            text = made_up("قال إنه عمل في قارب ولم يتقاضَ أجرًا")
            made = presume_victim(
                actor=actor, person=person, ground="told", text=text, urgency="days"
            )
            case = Case.objects.select_related("person", "site").get(pk=made.case_id)
            take_case(actor=actor, case=case)
        ask_assessment(
            actor=actor,
            case=case,
            need=made_up("تطلب المدرسة ورقة تثبت العمر قبل التسجيل"),
            authority=made_up("محكمة الأحوال الشخصية في المرفأ"),
            legal_basis=made_up("المادة 12 من قانون الطفل"),
        )
