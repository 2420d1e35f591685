"""Which cases need a supervisor: late, never met, nobody's, missed again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Case as When
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models import When as Then
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.assistance.models import Contact, Help
from marfa.apps.assistance.queries import late_to_begin
from marfa.apps.cases.models import Case, Review
from marfa.apps.cases.queries import readable
from marfa.apps.cases.unassigned_cases import unheld_of
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import is_back
from marfa.platform import clock
from marfa.safeguards.actor import Actor

NEVER_MET = timedelta(days=3)
"""An open case in which nobody has met the person for so long after it was opened."""
SILENT = timedelta(days=30)
"""An open case in which nobody has met the person since."""
OFTEN = 2
"""Contacts missed one after the other."""
LOOKED_AT = timedelta(days=90)
"""How often a supervisor looks at the whole of an open case."""
UNBALANCED = 1.5
"""Times the median of the team: more open cases than that are too many for one."""


@dataclass(frozen=True)
class Concern:
    """One reason why a supervisor looks at a case, which the board counts and opens to.

    means: what is counted, in words beside the number. having: the condition on open cases.
    """

    name: str
    label: Promise | str
    means: Promise | str
    having: Callable[[], Q]

    def cases(self, actor: Actor) -> QuerySet[Case]:
        """The open cases that have it, of those that an actor may read."""
        return open_cases(actor).filter(self.having())


def open_cases(actor: Actor) -> QuerySet[Case]:
    """Open cases that an actor may read."""
    return readable(actor).filter(state=Case.State.OPEN)


def late_contacts() -> Q:
    """A contact should have been held by now."""
    late = Contact.objects.filter(case=OuterRef("pk"), state="planned", due_at__lte=clock.now())
    return Q(Exists(late))


def missed() -> Q:
    """The person was missed twice or more since they were met."""
    rows = Contact.objects.filter(state=Contact.State.MISSED, case__state=Case.State.OPEN)
    since = rows.filter(Q(case__met_at=None) | Q(ended_at__gt=F("case__met_at")))
    often = since.order_by().values("case").annotate(times=Count("pk")).filter(times__gte=OFTEN)
    return Q(pk__in=often.values("case"))


def never_met() -> Q:
    """Nobody has met the person for three days since the case was opened."""
    return Q(met_at=None, opened_at__lte=clock.now() - NEVER_MET)


def silent() -> Q:
    """Nobody has met the person for a month."""
    return Q(met_at__lte=clock.now() - SILENT)


def without_contact() -> Q:
    """No next contact is planned."""
    planned = Contact.objects.filter(case=OuterRef("pk"), state=Contact.State.PLANNED)
    return ~Q(Exists(planned))


def nobodys() -> Q:
    """Nobody is responsible who may read it."""
    return unheld_of(Case.objects.filter(state=Case.State.OPEN))


def no_place() -> Q:
    """There is no place for the help that is needed."""
    return Q(Exists(Help.objects.filter(case=OuterRef("pk"), state=Help.State.NO_PLACE)))


def not_begun() -> Q:
    """Help was asked for, or a place found, and it should have begun by now."""
    return Q(Exists(late_to_begin(clock.now()).filter(case=OuterRef("pk"))))


def late_reviews() -> Q:
    """A second look is late."""
    late = Review.objects.filter(case=OuterRef("pk"), state="waiting", due_at__lte=clock.now())
    return Q(Exists(late))


def came_back() -> Q:
    """Nobody answered a referral in time, and nobody has said yet what they do instead."""
    return Q(Exists(Referral.objects.filter(is_back(), case=OuterRef("pk"))))


def to_look_at() -> Q:
    """No second person has looked at the whole case for three months."""
    looked = Review.objects.filter(case=OuterRef("pk"), of=Review.Of.PERIODIC)
    before = clock.now() - LOOKED_AT
    once = Q(Exists(looked.filter(answered_at__lte=before)))
    since = Q(Exists(looked.filter(answered_at__gt=before)))
    return ~since & (Q(opened_at__lte=before) | once)


CONCERNS = (
    Concern(
        "nobodys",
        _("Nobody is responsible"),
        _("Nobody was made responsible, or whoever was may not read the case any more."),
        nobodys,
    ),
    Concern(
        "late",
        _("A contact is late"),
        _("The planned contact should have been held by now."),
        late_contacts,
    ),
    Concern(
        "missed",
        _("Missed twice or more"),
        _("Two planned contacts or more were missed since the person was last met."),
        missed,
    ),
    Concern(
        "never-met",
        _("Not met yet after three days"),
        _("Opened three days ago or earlier, and nobody has met or reached the person since."),
        never_met,
    ),
    Concern(
        "silent",
        _("Not met for a month"),
        _("The person was last met or reached thirty days ago or earlier."),
        silent,
    ),
    Concern(
        "no-contact",
        _("No next contact is planned"),
        _("No meeting or call with the person stands ahead, and none is late."),
        without_contact,
    ),
    Concern(
        "no-place",
        _("No place available"),
        _("Help is needed for which no place was found yet."),
        no_place,
    ),
    Concern(
        "not-begun",
        _("Help that was asked for did not begin"),
        _("Help was asked for, or a place was found, and the time to begin is over."),
        not_begun,
    ),
    Concern(
        "came-back",
        _("A referral came back without an answer"),
        _("The other side did not answer in time, and nobody has said yet what is done instead."),
        came_back,
    ),
    Concern(
        "second-look",
        _("A second look is late"),
        _("A second person was asked to look at something, and the time for it is over."),
        late_reviews,
    ),
    Concern(
        "to-look-at",
        _("Nobody looked at the whole case for three months"),
        _("Opened, or last looked at as a whole by a second person, ninety days ago or earlier."),
        to_look_at,
    ),
)
OPEN = Concern("open", _("Open cases"), _("All open cases that you may read."), Q)
URGENT = Concern(
    "now",
    _("Urgent now"),
    _("Open cases in which help is needed now."),
    lambda: Q(urgency="now"),
)
COUNTED = {each.name: each for each in (*CONCERNS, OPEN, URGENT)}
"""By name, all that a number of the board counts."""
IN_HAND = (OPEN, URGENT, COUNTED["late"], COUNTED["never-met"])
"""What is counted of each worker."""


@dataclass(frozen=True)
class Holder:
    """Who has cases in hand. worker: None for the cases that are nobody's. path: how the worker
    stands in an address."""

    worker: UUID | None
    path: str
    name: str

    def of(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Theirs, of some cases. Whoever may not read a case any more does not have it in hand."""
        return cases.filter(nobodys()) if self.worker is None else cases.filter(self._has())

    def _has(self) -> Q:
        return Q(worker=self.worker) & ~nobodys()


NOBODY = Holder(None, "nobody", "")


def holder_called(actor: Actor, path: str) -> Holder | None:
    """Who has cases in hand that an actor may read, by their place in an address."""
    if path == NOBODY.path:
        return NOBODY
    user = User.objects.filter(reference=path).first()
    if user is None:
        return None
    found = Holder(user.pk, path, user.display_name)
    return found if found.of(open_cases(actor)).exists() else None


@dataclass(frozen=True)
class Load:
    """What one worker has in hand. counts: as of ``IN_HAND``. much: many more open cases than the
    others have."""

    holder: Holder
    counts: list[tuple[Concern, int]]
    much: bool

    @property
    def cases(self) -> int:
        """How many open cases."""
        return self.counts[0][1]


@dataclass(frozen=True)
class Board:
    """concerns: each with the number of its cases. loads: by who is responsible, the most first."""

    concerns: list[tuple[Concern, int]]
    loads: list[Load]


def board(actor: Actor) -> Board:
    """How the open cases stand that an actor may read. Two queries beside those of ``unheld_of``:
    the cases are gone through once, however many concerns there are, since which of them an actor
    may read costs the most."""
    having = {name: each.having() for name, each in COUNTED.items()}
    rows: list[Mapping[str, Any]] = list(
        open_cases(actor)
        .order_by()
        .annotate(holder=_holder(having["nobodys"]))
        .values("holder")
        .annotate(**{_column(name): _having(each) for name, each in having.items()})
    )
    return Board(
        [(each, sum(row[_column(each.name)] for row in rows)) for each in CONCERNS], _loads(rows)
    )


def _holder(free: Q) -> When:
    """Who is responsible and may read it."""
    nobody = Value(None, output_field=UUIDField())
    return When(Then(free, then=nobody), default=F("worker"), output_field=UUIDField())


def _column(name: str) -> str:
    return f"has_{name.replace('-', '_')}"


def _having(condition: Q) -> Count:
    return Count("pk", filter=condition) if condition else Count("pk")


def _loads(rows: Sequence[Mapping[str, Any]]) -> list[Load]:
    known = {each.pk: each for each in User.objects.filter(pk__in=[row["holder"] for row in rows])}
    usual = median([row["has_open"] for row in rows if row["holder"]] or [0])
    found = []
    for row in rows:
        user = known.get(row["holder"])
        holder = Holder(user.pk, user.reference, user.display_name) if user else NOBODY
        counts = [(each, row[_column(each.name)]) for each in IN_HAND]
        much = user is not None and row["has_open"] > max(UNBALANCED * usual, 1)
        found.append(Load(holder, counts, much))
    return sorted(
        found, key=lambda load: (load.holder.worker is not None, -load.cases, load.holder.name)
    )
