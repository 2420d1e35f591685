"""A charter without one of its prohibitions, for a whole run of tests; and which prohibition spoke
in which test.

python -m pytest -p tests.attack.forbid_plugin ...

PYTEST_FORBID_GONE names the policy that is taken away. PYTEST_FORBIDS_SPOKE names a file, to which
each prohibition that decided, or that a list was made from, is appended with the test.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from marfa.safeguards.charter import loader
from marfa.safeguards.charter.engine import Engine
from marfa.safeguards.charter.source import Policy

_test = ""
_spoke: set[tuple[str, str]] = set()


def pytest_configure() -> None:
    gone = os.environ.get("PYTEST_FORBID_GONE")
    if gone:
        _take_away(gone)
    if os.environ.get("PYTEST_FORBIDS_SPOKE"):
        _listen()


def _take_away(gone: str) -> None:
    read = loader._policies

    def without(*given: Any) -> Iterator[Policy]:
        return (policy for policy in read(*given) if policy.id != gone)

    setattr(loader, "_policies", without)  # noqa: B010
    loader.load_charter.cache_clear()
    loader._installed.cache_clear()


def _listen() -> None:
    answer, of = Engine.answer, Engine.of

    def heard(self: Engine, *given: Any) -> tuple[bool, tuple[str, ...]]:
        found = answer(self, *given)
        _note(self, found[1])
        return found

    def made_from(self: Engine, action: str) -> list[Policy]:
        found = of(self, action)
        _note(self, [policy.id for policy in found])
        return found

    Engine.answer = heard  # type: ignore[assignment, method-assign]
    Engine.of = made_from  # type: ignore[method-assign]


def _note(engine: Engine, ids: Iterable[str]) -> None:
    _spoke.update((each, _test) for each in ids if _test and engine.policies[each].forbids)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    global _test
    _test = item.nodeid
    return (yield)


def pytest_sessionfinish() -> None:
    file = os.environ.get("PYTEST_FORBIDS_SPOKE")
    if file:
        with Path(file).open("a", encoding="utf-8") as out:
            out.writelines(f"{policy}\t{test}\n" for policy, test in sorted(_spoke))
