"""Cases: what a typology found, who stands in it and what may be done about each account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from marfa.domain.message import Message
from marfa.methods.flows.coercion import may_be_led
from marfa.methods.flows.handling import SUBJECTS, Circumstances, decide_handling
from marfa.methods.flows.indicators import FAMILIES, indicators
from marfa.methods.flows.ledger import Ledger
from marfa.methods.flows.view import DAY, View

TYPOLOGIES = (
    "wage_return",
    "wage_funnel",
    "sex_expl",
    "recruit_debt",
    "ransom",
    "funnel",
    "ocse",
    "tf_npo",
)
OF_CHILDREN = frozenset({"ocse"})
LEAST_FAMILIES = 2
ENDED = 60 * DAY


@dataclass(frozen=True)
class Part:
    """An account in a case. evident: several other accounts show the role."""

    account: int
    role: str
    reason: str
    evident: bool = False
    numbers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """What a typology found, before the rule is asked: rows, indicators with their figures."""

    typology: str
    rows: tuple[int, ...]
    met: Mapping[str, Mapping[str, object]]
    missing: Sequence[str]
    parts: Sequence[Part]

    @property
    def families(self) -> frozenset[str]:
        return frozenset(FAMILIES[each] for each in self.met)


@dataclass(frozen=True)
class Entry:
    """A line of the list of accounts."""

    account: int
    role: str
    handling: str
    why: tuple[Message, ...]


@dataclass(frozen=True)
class Case:
    """A finding with its name; entries in order of their accounts' first transactions."""

    name: str
    draft: Draft
    entries: tuple[Entry, ...]

    @property
    def benign_of(self) -> tuple[str, ...]:
        """Indicators that are met and have another explanation."""
        known = indicators()
        return tuple(each for each in self.draft.met if known[each].is_explained)

    @property
    def confirms(self) -> Message:
        return Message(f"methods.flows:confirms-{self.draft.typology.replace('_', '-')}")

    @property
    def refutes(self) -> Message:
        return Message(f"methods.flows:refutes-{self.draft.typology.replace('_', '-')}")

    @property
    def is_urgent(self) -> bool:
        return self.draft.typology in OF_CHILDREN


def make_cases(view: View, drafts: Iterable[Draft]) -> tuple[Case, ...]:
    """Cases by typology and then by transaction, each account with its handling.

    Raises ValueError for a draft that stands on fewer than two families of indicators: no rule
    may hand one over.
    """
    ordered = sorted(drafts, key=lambda draft: (TYPOLOGIES.index(draft.typology), draft.rows))
    for draft in ordered:
        if len(draft.families) < LEAST_FAMILIES:
            raise ValueError(f"{draft.typology} stands on {sorted(draft.families)} alone")
    roles: dict[int, set[str]] = defaultdict(set)
    for draft in ordered:
        for part in draft.parts:
            roles[part.account].add(part.role)
    numbers: dict[str, int] = defaultdict(int)
    cases = []
    for draft in ordered:
        numbers[draft.typology] += 1
        entries = tuple(_entry(view, draft, part, roles) for part in _ordered(draft.parts))
        cases.append(Case(f"{draft.typology}-{numbers[draft.typology]}", draft, entries))
    return tuple(cases)


def _ordered(parts: Iterable[Part]) -> Sequence[Part]:
    return sorted(parts, key=lambda part: part.account)


def _entry(view: View, draft: Draft, part: Part, roles: Mapping[int, set[str]]) -> Entry:
    account = view.accounts[part.account]
    led = part.role in SUBJECTS and may_be_led(view, part.account, part.role)
    about = Circumstances(
        part.role,
        roles[part.account] - {part.role},
        is_protected=account.is_protected,
        is_person=not account.is_organisation,
        is_suspect=account.standing == "suspect",
        is_evident=part.evident,
        may_be_led=led,
        is_child_case=draft.typology in OF_CHILDREN,
        has_ended=int(view.ledger.ts[draft.rows[-1]]) + ENDED < view.last,
    )
    handling = decide_handling(about)
    return Entry(part.account, part.role, handling, tuple(_why(part, about, handling)))


def _why(part: Part, about: Circumstances, handling: str) -> Iterator[Message]:
    yield Message(f"methods.flows:why-{part.reason}", part.numbers)
    if about.role in SUBJECTS:
        if about.is_protected:
            yield Message("methods.flows:why-standing")
        elif not SUBJECTS.issuperset(about.roles_elsewhere):
            yield Message("methods.flows:why-elsewhere")
        elif about.may_be_led:
            yield Message("methods.flows:why-led")
        elif not about.is_evident:
            yield Message("methods.flows:why-too-few")
        elif about.is_person and not about.is_suspect:
            yield Message("methods.flows:why-person")
    if about.is_child_case:
        yield Message("methods.flows:why-child")
    if handling != "report":
        yield Message("methods.flows:why-duty")


def rows_of_accounts(cases: Iterable[Case], ledger: Ledger) -> Iterator[tuple[str, Case, Entry]]:
    """Name of the account, case and entry, in order."""
    for case in cases:
        for entry in case.entries:
            yield ledger.names[entry.account], case, entry
