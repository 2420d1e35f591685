"""The answers of the process to each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from marfa.apps.name_search.builder import Builder
from marfa.apps.name_search.protocol import Scope

LONGEST_TEXT = 400
MOST_FOUND = 200
MOST_SCOPES = 200
MOST_SUBJECTS = 1000

Question = Mapping[str, Any]
Answer = dict[str, Any]


class Answerer:
    """Answers questions about one index. rebuild: has everything read anew, in its own time."""

    def __init__(self, builder: Builder, rebuild: Callable[[], None]) -> None:
        self._builder = builder
        self._rebuild = rebuild
        self._kinds: dict[str, Callable[[Question], Answer]] = {
            "find": self._find,
            "refresh": self._refresh,
            "rebuild": self._read_anew,
            "state": lambda _question: {},
        }

    def answer(self, question: object) -> Answer:
        """The answer, with the state of the index in it; ``refused`` for what is no question."""
        try:
            if not isinstance(question, Mapping):
                raise TypeError("a question is an object")
            answer = self._kinds[question["ask"]](question)
        except (KeyError, TypeError, ValueError):
            return {"refused": True}
        return {"state": asdict(self._builder.state()), **answer}

    def _find(self, question: Question) -> Answer:
        text, most = str(question["text"]), int(question["most"])
        scopes = [Scope.of_json(scope) for scope in question["scopes"]]
        if len(text) > LONGEST_TEXT or len(scopes) > MOST_SCOPES or not 1 <= most <= MOST_FOUND:
            raise ValueError("too much is asked")
        if not self._builder.state().warm:
            # Half an index would say of somebody that they are not there.
            return {}
        found, protected = self._builder.holding.find(text, scopes, most)
        return {
            "found": [each.as_json() for each in found],
            "protected": [each.as_json() for each in protected],
        }

    def _refresh(self, question: Question) -> Answer:
        subjects = [UUID(hex=each) for each in question["subjects"]]
        if len(subjects) > MOST_SUBJECTS:
            raise ValueError("too much is asked")
        self._builder.refresh(subjects)
        return {}

    def _read_anew(self, question: Question) -> Answer:
        self._rebuild()
        return {}
