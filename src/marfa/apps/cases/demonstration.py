"""The app's part of a demonstration: how a country that there is not identifies victims, and
cases in every state. What was said is made up, and the same each time."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.cases.actions import answer_review, ask_to_close, presume_victim
from marfa.apps.cases.actions.countries import assign_site, change_profile
from marfa.apps.cases.actions.following import hold_contact, plan_contact, record_voice
from marfa.apps.cases.actions.helping import Wanted, ask_help, find_no_place
from marfa.apps.cases.actions.identifying import ask_authority
from marfa.apps.cases.actions.planning import set_goal
from marfa.apps.cases.actions.referring import Wanted as Asked
from marfa.apps.cases.actions.referring import send_referral
from marfa.apps.cases.models import Case
from marfa.apps.cases.profiles import FICTIONAL, profile_for
from marfa.apps.editing.editor import Change
from marfa.apps.organisations.demonstration import SITES, SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of, controller
from marfa.apps.people.actions import NewPerson, register_person
from marfa.apps.people.models import Person
from marfa.apps.registry import Desk
from marfa.domain.dates import born_when_aged
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

PROFILE = {
    "authority": "(demonstration) Office for Victims · مكتب الضحايا",
    "authority_kind": "NonPoliceGovernmentalOrganization",
    "mechanism": "(demonstration) National Referral Mechanism · آلية الإحالة الوطنية",
    "reflection_days": 90,
    "decision_days": 45,
    "appeal_days": 30,
    "review_hours": 72,
    "source": "(demonstration) A made-up law of a made-up country. It holds nowhere.",
}


def make(desks: tuple[Desk, ...]) -> None:
    """A made-up country, which holds at the sites of the demonstration."""
    boss = User.objects.filter(username=SUPERVISOR).first()
    if Desk.PROTECTION not in desks or boss is None:
        return
    actor = actor_of(boss)
    helper = User.objects.filter(username=Desk.PROTECTION.value).first()
    officer = User.objects.filter(username=Desk.RECEPTION.value).first()
    with row_context(actor.organisations):
        write_country(actor)
        if helper is not None and officer is not None and Person.objects.exists():
            _Stories(actor_of(helper), actor_of(officer), actor).tell()


def write_country(actor: Actor) -> None:
    """What holds in the made-up country, unless it is written down already."""
    profile = profile_for(FICTIONAL)
    if profile.authority:
        return
    change_profile(profile, Change(actor, 1, PROFILE))
    for site in Site.objects.filter(organisation=controller()):
        assign_site(actor=actor, site=site, profile=profile_for(FICTIONAL))


class _Stories:
    """Six people at the gate, and how far the help for each of them is.

    worker: who helps; officer: who received them; boss: who supervises.
    """

    def __init__(self, worker: Actor, officer: Actor, boss: Actor) -> None:
        self.worker, self.officer, self.boss = worker, officer, boss
        self.gate, self.harbour = (Site.objects.get(name=name) for name, _zone in SITES)

    def tell(self) -> None:
        self.shelter_full()
        self.on_her_feet()
        self.asked_of_the_harbour()
        self.before_the_authority()
        self.closed()
        self.nobodys()

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
        case = self.case(27, "(demonstration) Locked in where she worked, and never paid", "now")
        asked = ask_help(actor=self.worker, case=case, wanted=Wanted("shelter", urgent=True))
        interim = "(demonstration) She sleeps at the clinic; the nurse knows, and calls at night"
        find_no_place(actor=self.worker, row=asked, interim=interim, text="Two houses asked")
        self.meet(case, 1)

    def on_her_feet(self) -> None:
        """Help runs, goals are reached, and she says that it helps."""
        case = self.case(34, "(demonstration) Sold twice on the way, she says")
        text = "(demonstration) A room with a door that I can lock"
        set_goal(actor=self.worker, case=case, area="shelter", text=text)
        for kind in ("shelter", "medical_care", "legal_advice"):
            ask_help(actor=self.worker, case=case, wanted=Wanted(kind), begin=True)
        self.meet(case, 1, "(demonstration) She sleeps, and asks after her sister", "some")
        record_voice(actor=self.worker, case=case, mark="helps", text="(demonstration) I sleep")
        self.meet(case, 7)

    def asked_of_the_harbour(self) -> None:
        """A bed for women is asked of the other site, which has not answered yet."""
        case = self.case(22, "(demonstration) Promised work in a kitchen; there was none")
        note = "(demonstration) A bed for women tonight, far from the gate"
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

    def before_the_authority(self) -> None:
        """The authority was asked with her yes, and has not decided; help goes on meanwhile."""
        case = self.case(41, "(demonstration) Her papers are with the man who brought her")
        ask_help(actor=self.worker, case=case, wanted=Wanted("civil_documentation"), begin=True)
        wish = "(demonstration) I want the paper, and not to see him"
        ask_authority(actor=self.worker, case=case, yes=True, wish=wish)
        self.meet(case, 3)

    def closed(self) -> None:
        """Two people agreed that it ends; she may come back at any time."""
        case = self.case(30, "(demonstration) Worked without pay until her sister came")
        why = "(demonstration) She lives with her sister, and wants no more"
        asked = ask_to_close(actor=self.worker, case=case, text=why)
        answer_review(actor=self.boss, review=asked, agree=True)

    def nobodys(self) -> None:
        """Reception presumes it of somebody; protection has not taken her up yet."""
        text = "(demonstration) A man answered every question for her"
        presume_victim(actor=self.officer, person=self.person(25), ground="observed", text=text)
