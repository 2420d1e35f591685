"""The app's part of a demonstration: a boy who came alone, who has a guardian, what was found to be
best for him, and what a panel decided. All of it is made up."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from marfa.apps.accounts.models import User
from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.actions.assessments import Assessed, assess_best_interests
from marfa.apps.best_interests.actions.determinations import (
    Decided,
    add_option,
    change_determination,
    decide_determination,
    prepare_determination,
    put_before_panel,
)
from marfa.apps.best_interests.actions.panels import add_member
from marfa.apps.best_interests.actions.representatives import (
    NewRepresentative,
    appoint_representative,
)
from marfa.apps.best_interests.models import Determination
from marfa.apps.cases.actions import presume_victim
from marfa.apps.cases.models import Case
from marfa.apps.form_pages.editor import Change
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import COLLEAGUE, SITES, SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person, Relationship
from marfa.domain.fiction import made_up
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor

MATTER = "placement"


def make_demo(desks: tuple[Desk, ...]) -> None:
    """One boy at the harbour, where those who help him are there."""
    helper = User.objects.filter(username=COLLEAGUE).first()
    boss = User.objects.filter(username=SUPERVISOR).first()
    if Desk.PROTECTION not in desks or helper is None or boss is None:
        return
    worker = actor_of(helper)
    with row_context(worker.organisations):
        boy = find_boy(Site.objects.get(name=SITES[1][0]))
        if boy is None:
            return
        text = made_up("جاء وحده في قارب، ونام في ساحة السوق")
        made = presume_victim(actor=worker, person=boy, ground="child", text=text)
        case = Case.objects.select_related("person", "site").get(pk=made.case_id)
        appoint_guardian(worker, case)
        assess(worker, case)
        decide_where_he_lives(worker, actor_of(boss), case)


def find_boy(site: Site) -> Person | None:
    """A boy who came without anybody and has no case yet; None where none is registered."""
    tied = Relationship.objects.filter(Q(person=OuterRef("pk")) | Q(to=OuterRef("pk")))
    rows = Person.objects.filter(
        ~Exists(tied),
        site=site,
        sex="male",
        presence=Person.Presence.PRESENT,
        child_until__gt=clock.today(site.time_zone),
        protected=False,
        cases=None,
    )
    return rows.order_by("child_until", "pk").first()


def boys_case() -> Case | None:
    """His case, for the apps that go on with it; None where there is none."""
    row = Determination.objects.filter(case__state=Case.State.OPEN, matter=MATTER).first()
    if row is None:
        return None
    return Case.objects.select_related("person", "site").get(pk=row.case_id)


def appoint_guardian(worker: Actor, case: Case) -> None:
    """A guardian whom a court appointed."""
    today = clock.today(case.site.time_zone)
    told = NewRepresentative(
        "guardian",
        "authority",
        made_up("الأستاذة ديمة الميناء"),
        made_up("في مكتب الأوصياء، كل صباح"),
        since=today,
        review_on=today + timedelta(days=60),
        appointed_by=made_up("محكمة الأحداث في المرفأ"),
    )
    appoint_representative(actor=worker, case=case, told=told)


def assess(worker: Actor, case: Case) -> None:
    """A few sentences, and when somebody looks again."""
    told = Assessed(
        "some",
        {
            "safety": made_up("ينام الآن في غرفة مع فتى يعرفه"),
            "development": made_up("ترك المدرسة قبل سنتين"),
        },
        "told",
        made_up("أريد أن أتعلم النجارة"),
        made_up("ترافقه العاملة إلى المدرسة يوم الأحد"),
        clock.today(case.site.time_zone) + timedelta(days=14),
    )
    assess_best_interests(actor=worker, case=case, told=told)


def decide_where_he_lives(worker: Actor, boss: Actor, case: Case) -> None:
    """Two options, a panel of two agencies, and a decision that stands."""
    question = made_up("أين يعيش إلى أن تُعرف أسرته؟")
    row = prepare_determination(actor=worker, case=case, matter=MATTER, question=question)
    changes = {
        "question": question,
        "named": "",
        "meanwhile": "",
        "view_how": "told",
        "view": made_up("أريد بيتًا فيه مطبخ"),
        "weighed": made_up("كان لرأيه الوزن الأكبر"),
    }
    change_determination(row, Change(worker, row.version, changes))
    row.refresh_from_db()
    home, _shelter = (
        add_option(
            actor=worker,
            determination=row,
            told={"name": made_up(name), "safety": made_up(safety)},
        )
        for name, safety in (
            ("أسرة بديلة قرب الميناء", "زيرت الأسرة مرتين"),
            ("دار الفتيان", "مزدحمة في الليل"),
        )
    )
    add_member(
        actor=worker,
        determination=row,
        role="child_protection",
        colleague=User.objects.get(pk=boss.id),
    )
    clinic = Recipient.objects.filter(guest=None).order_by("pk").first()
    if clinic is None:
        return
    doctor = made_up("الطبيب سهيل المرسى")
    add_member(actor=worker, determination=row, role="health", agency=clinic, name=doctor)
    put_before_panel(actor=worker, row=row)
    told = Decided(
        "yes",
        made_up("يعيش مع الأسرة البديلة"),
        made_up("يعرف الحي، والمدرسة قريبة"),
        "",
        clock.today(case.site.time_zone) + timedelta(days=90),
        home,
    )
    decide_determination(actor=boss, row=row, told=told)
