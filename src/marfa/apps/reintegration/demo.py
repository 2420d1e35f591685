"""The app's part of a demonstration: the plan of the boy who has a guardian. All is made up."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.assistance.actions.plans import set_goal
from marfa.apps.best_interests.demo import boys_case
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import COLLEAGUE
from marfa.apps.organisations.queries import actor_of
from marfa.apps.reintegration.actions.plans import Heard, begin_plan
from marfa.apps.reintegration.actions.steps import StepTold, end_step, set_step
from marfa.domain.fiction import made_up
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context

STEPS = (
    ("health", "نظارة وفحص للعينين", "العيادة قرب السوق", 3),
    ("education", "صفوف تعوّض سنتين من المدرسة", "مدرسة الميناء", 20),
    ("livelihood", "تدريب على النجارة بعد المدرسة", "ورشة الرصيف", 40),
    ("papers", "شهادة ميلاد بلا زيارة إلى القنصلية", "المحامية", 60),
)


def make_demo(desks: tuple[Desk, ...]) -> None:
    """A goal of his, and four steps, one of them done."""
    helper = User.objects.filter(username=COLLEAGUE).first()
    if Desk.PROTECTION not in desks or helper is None:
        return
    actor = actor_of(helper)
    with row_context(actor.organisations):
        case = boys_case()
        if case is None:
            return
        goal = set_goal(actor=actor, case=case, area="wishes", text=made_up("أن أصنع قاربًا بيدي"))
        today = clock.today(case.site.time_zone)
        wish = made_up("أريد أن أتعلم، وأن يتوقف الناس عن السؤال")
        plan = begin_plan(
            actor=actor, case=case, heard=Heard("told", wish, today + timedelta(days=30))
        )
        for need, text, by, days in STEPS:
            told = StepTold(
                need,
                made_up(text),
                made_up(by),
                today + timedelta(days=days),
                goal if need == "livelihood" else None,
            )
            row = set_step(actor=actor, plan=plan, told=told)
            if need == "health":
                text = made_up("يقرأ الآن ما على اللوح")
                end_step(actor=actor, row=row, state="done", text=text)
