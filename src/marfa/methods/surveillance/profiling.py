"""What no series, group, predictor or column may be: an origin of people.

An alarm is about a place and a week. The words are those of ``marfa.domain.prohibited_grounds``;
they cannot be complete, and stand beside the rule that the documentation states.
"""

from __future__ import annotations

from collections.abc import Iterable

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.domain.prohibited_grounds import names_origin


def names_profile(name: str) -> bool:
    """Whether a name means nationality, religion, ethnicity or origin of people.

    A people's name alone does not: regions are called Afar, Amhara or Ain al-Arab.
    """
    return names_origin(name)


def refuse_profiling(names: Iterable[str], *, file: str | None = None) -> None:
    """Raises InputError with one problem for each name that means an origin of people."""
    wrong = [
        Problem(Message("methods.surveillance:profiling"), Place(file, column=name))
        for name in names
        if names_profile(name)
    ]
    if wrong:
        raise InputError(*wrong)
