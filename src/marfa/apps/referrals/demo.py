"""The app's part of a demonstration: cases in every state, with help and referrals.

What was said is made up, and the same each time.
"""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.agreements.models import Recipient
from marfa.apps.assistance.actions.assistance import (
    HelpRequest,
    ask_help,
    decline_help,
    end_help,
    find_no_place,
)
from marfa.apps.assistance.actions.follow_up import hold_contact, plan_contact, record_voice
from marfa.apps.assistance.actions.plans import set_goal
from marfa.apps.assistance.models import Help
from marfa.apps.cases.actions import (
    answer_review,
    ask_to_close,
    ask_transfer,
    assign_case,
    presume_victim,
)
from marfa.apps.cases.actions.identification import ask_authority
from marfa.apps.cases.models import Case
from marfa.apps.consents.actions import record_consent
from marfa.apps.consents.demo import free_answer
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import FOCAL, SITES, SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.referrals.actions.prepared_referrals import (
    give_back_prepared_referral,
    prepare_referral,
)
from marfa.apps.referrals.actions.referrals import ReferralRequest as Asked
from marfa.apps.referrals.actions.referrals import send_referral
from marfa.apps.registry.actions import NewPerson, register_person
from marfa.apps.registry.actions.exclusions import exclude_from_record
from marfa.apps.registry.actions.protection import protect_person
from marfa.apps.registry.models import Person
from marfa.domain.dates import born_when_aged
from marfa.domain.fiction import made_up
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


def make_demo(desks: tuple[Desk, ...]) -> None:
    """The stories of eleven people, where the staff of the demonstration is there to live them."""
    boss = User.objects.filter(username=SUPERVISOR).first()
    helper = User.objects.filter(username=Desk.PROTECTION.value).first()
    officer = User.objects.filter(username=Desk.RECEPTION.value).first()
    if Desk.PROTECTION not in desks or boss is None or helper is None or officer is None:
        return
    actor = actor_of(boss)
    with row_context(actor.organisations):
        if Person.objects.exists():
            _Stories(actor_of(helper), actor_of(officer), actor).tell()


class _Stories:
    """Eleven people at the gate, and how far the help for each of them is.

    worker: who helps; officer: who received them; boss: who supervises.
    """

    def __init__(self, worker: Actor, officer: Actor, boss: Actor) -> None:
        self.worker, self.officer, self.boss = worker, officer, boss
        self.gate, self.harbour = (Site.objects.get(name=name) for name, _zone in SITES)

    def tell(self) -> None:
        self.shelter_full()
        self.on_her_feet()
        self.asked_of_the_harbour()
        self.prepared_for_the_clinic()
        self.asked_of_a_colleague()
        self.before_the_authority()
        self.closed()
        self.nobodys()
        self.from_whom_she_fled(self.help_in_every_state())
        self.in_hiding()

    def person(self, age: int) -> Person:
        born = born_when_aged(age, age, clock.today(self.gate.time_zone))
        told = NewPerson(sex="female", born=born, basis="stated")
        return register_person(
            actor=self.officer, purpose=Purpose.REGISTRATION, site=self.gate, told=told
        )

    def case(self, age: int, text: str, urgency: str = "days") -> Case:
        made = presume_victim(
            actor=self.worker, person=self.person(age), ground="told", text=text, urgency=urgency
        )
        return Case.objects.select_related("person", "site").get(pk=made.case_id)

    def meet(self, case: Case, days: int, text: str = "", risk: str = "") -> None:
        """A contact that is planned, or was held where something was said."""
        due = clock.now() + timedelta(days=days)
        row = plan_contact(actor=self.worker, case=case, way="in_person", due_at=due)
        if text:
            hold_contact(actor=self.worker, contact=row, text=text, risk=risk)

    def shelter_full(self) -> None:
        """No bed: she sleeps at the clinic, and somebody looks again every day."""
        case = self.case(27, made_up("كانت محبوسة في مكان عملها، ولم تتقاضَ أجرًا قط"), "now")
        asked = ask_help(actor=self.worker, case=case, wanted=HelpRequest("shelter", urgent=True))
        interim = made_up("تنام في العيادة؛ والممرضة على علم بذلك، وتتصل ليلًا")
        text = made_up("سألنا دارين للإيواء، ولا مكان فيهما")
        find_no_place(actor=self.worker, row=asked, interim=interim, text=text)
        self.meet(case, 1)

    def on_her_feet(self) -> None:
        """Help runs, goals are reached, and she says that it helps."""
        case = self.case(34, made_up("تقول إنها بيعت مرتين في الطريق"))
        text = made_up("غرفة لها باب أستطيع إقفاله")
        set_goal(actor=self.worker, case=case, area="shelter", text=text)
        for kind in ("shelter", "medical_care", "legal_advice"):
            ask_help(actor=self.worker, case=case, wanted=HelpRequest(kind), begin=True)
        self.meet(case, 1, made_up("تنام جيدًا، وتسأل عن أختها"), "some")
        record_voice(actor=self.worker, case=case, mark="helps", text=made_up("صرت أنام"))
        self.meet(case, 7)

    def asked_of_the_harbour(self) -> None:
        """A bed for women is asked of the other site, which has not answered yet."""
        case = self.case(22, made_up("وُعدت بعمل في مطبخ، ولم يكن هناك عمل"))
        note = made_up("سرير للنساء الليلة، بعيدًا عن البوابة")
        wanted = Asked(
            "referral",
            "assistance",
            "now",
            note,
            ("Person.code",),
            site=self.harbour,
            support="shelter",
        )
        send_referral(actor=self.worker, case=case, wanted=wanted)

    def prepared_for_the_clinic(self) -> None:
        """Two women agreed that the clinic is told: the case worker prepared it, and the supervisor
        has given one back and not sent the other yet."""
        clinic = Recipient.objects.filter(guest=None).order_by("pk").first()
        if clinic is None:
            return
        rows = []
        for age, text in ((29, "لم تنم منذ أيام"), (33, "يؤلمها ظهرها منذ العمل في المزرعة")):
            case = self.case(age, made_up(text))
            record_consent(
                actor=self.worker,
                purpose=Purpose.ASSISTANCE,
                person=case.person,
                answer=free_answer(clinic),
            )
            wanted = Asked(
                "referral",
                "assistance",
                "days",
                made_up("موعد عند طبيبة هذا الأسبوع"),
                ("Person.code",),
                recipient=clinic,
                way="package",
                support="medical_care",
            )
            rows.append(prepare_referral(actor=self.worker, case=case, wanted=wanted))
        back = made_up("هل تريد أن يُذكر لهم عمرها أيضًا؟")
        give_back_prepared_referral(actor=self.boss, prepared=rows[0], text=back)

    def asked_of_a_colleague(self) -> None:
        """The supervisor asks the case worker to take over a case that is hers."""
        case = self.case(31, made_up("تتكلم التركمانية، ولا مترجم اليوم"))
        boss = User.objects.get(pk=self.boss.id)
        assign_case(actor=self.boss, case=case, worker=boss)
        note = made_up("تطلب امرأة تتكلم لغتها")
        helper = User.objects.get(pk=self.worker.id)
        ask_transfer(actor=self.boss, case=case, worker=helper, text=note)

    def before_the_authority(self) -> None:
        """The authority was asked with her yes, and has not decided; help goes on meanwhile."""
        case = self.case(41, made_up("أوراقها عند الرجل الذي أحضرها"))
        ask_help(
            actor=self.worker, case=case, wanted=HelpRequest("civil_documentation"), begin=True
        )
        wish = made_up("أريد الوثيقة، ولا أريد أن أراه")
        ask_authority(actor=self.worker, case=case, yes=True, wish=wish)
        self.meet(case, 3)

    def closed(self) -> None:
        """Two people agreed that it ends; she may come back at any time."""
        case = self.case(30, made_up("عملت بلا أجر إلى أن جاءت أختها"))
        why = made_up("تعيش مع أختها، ولا تريد المزيد")
        asked = ask_to_close(actor=self.worker, case=case, reason="goals_met", text=why)
        answer_review(actor=self.boss, review=asked, agree=True)

    def nobodys(self) -> None:
        """Reception presumes it of somebody; protection has not taken her up yet."""
        text = made_up("كان رجل يجيب عنها عن كل سؤال")
        presume_victim(actor=self.officer, person=self.person(25), ground="observed", text=text)

    def help_in_every_state(self) -> Case:
        """Of one woman help is asked for, given by words and by a partner, declined, and ended for
        each reason for which it may end."""
        case = self.case(38, made_up("هربت من المزرعة سيرًا، ومعها صديقة"))
        clinic = Recipient.objects.order_by("pk").first()
        for wanted in (
            HelpRequest("education"),
            HelpRequest("medical_care", provider=clinic),
            HelpRequest("shelter", by_whom=made_up("دار النساء قرب السوق"), urgent=True),
        ):
            ask_help(actor=self.worker, case=case, wanted=wanted)
        full = ask_help(actor=self.worker, case=case, wanted=HelpRequest("shelter"))
        find_no_place(actor=self.worker, row=full, interim=made_up("تنام عند صديقتها"))
        no = ask_help(actor=self.worker, case=case, wanted=HelpRequest("cash_assistance"))
        decline_help(actor=self.worker, row=no, text=made_up("لا تريد مالًا، بل عملًا"))
        for reason in Help.End.values:
            ended = ask_help(
                actor=self.worker, case=case, wanted=HelpRequest("legal_advice"), begin=True
            )
            end_help(actor=self.worker, row=ended, reason=reason, text=made_up("انتهى الأمر"))
        return case

    def in_hiding(self) -> None:
        """Nobody finds her but who stays with her: her case worker and the focal point."""
        case = self.case(26, made_up("يسأل عنها أهله عند كل بوابة"), "now")
        focal = User.objects.filter(username=FOCAL)
        protect_person(
            actor=self.boss,
            person=case.person,
            reason=made_up("يبحث عنها عمها، ومعه صورتها"),
            review_on=clock.today(self.gate.time_zone) + timedelta(days=30),
            staying=list(focal),
        )

    def from_whom_she_fled(self, case: Case) -> None:
        """Her case worker knows her family: she tells reception, and from then on the supervisor is
        responsible, who has to confirm it."""
        exclude_from_record(
            actor=self.officer,
            person=case.person,
            who=User.objects.get(pk=self.worker.id),
            wish="person",
        )
