"""Shared by the tests of screening."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import lru_cache

from hypothesis import strategies as st

from marfa.methods.screening import Age, Answer, Library, Panel, PilotUse, Result, score

ADULT, CHILD = "ilo-delphi-labour-adult", "ilo-delphi-labour-child"
OPEN = (Answer.UNKNOWN, Answer.REFUSED, Answer.NOT_ASKED)


@lru_cache(maxsize=1)
def library() -> Library:
    return Library()


@lru_cache(maxsize=1)
def panel() -> Panel:
    return Panel.of(ADULT, library())


def items() -> list[str]:
    """The items that the rules read; what is asked instead of some of them is in ``test_asks``."""
    return sorted({item.id for one in panel().instruments for item in one.items})


def run(answers: Mapping[str, Answer], age: Age = Age.ADULT) -> Result:
    return score(panel(), answers, age=age, use=PilotUse())


def all_no(**known: Answer) -> dict[str, Answer]:
    """Every item answered no, but for those named (with _ for -)."""
    return dict.fromkeys(items(), Answer.NO) | {
        name.replace("_", "-"): answer for name, answer in known.items()
    }


def yes(*names: str) -> dict[str, Answer]:
    """These yes, everything else no."""
    return dict.fromkeys(items(), Answer.NO) | dict.fromkeys(names, Answer.YES)


def completions(answers: Mapping[str, Answer]) -> Iterator[dict[str, Answer]]:
    """Every way of answering what is open."""
    waiting = [item for item in items() if answers.get(item, Answer.NOT_ASKED).is_open]
    for choice in itertools.product((Answer.NO, Answer.YES), repeat=len(waiting)):
        yield dict(answers) | dict(zip(waiting, choice, strict=True))


@st.composite
def mostly_answered(draw: st.DrawFn, most_open: int = 6) -> dict[str, Answer]:
    """A few yes, a few open, the rest no: the border where outcomes change."""
    fired = draw(st.lists(st.sampled_from(items()), max_size=8, unique=True))
    waiting = draw(st.lists(st.sampled_from(items()), max_size=most_open, unique=True))
    answers = yes(*fired)
    for item in waiting:
        answers[item] = draw(st.sampled_from(OPEN))
    return answers


ages = st.sampled_from(list(Age))
any_answers = st.dictionaries(st.sampled_from(items()), st.sampled_from(list(Answer)))
