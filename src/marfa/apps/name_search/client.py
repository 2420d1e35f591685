"""The client with which pages and worker ask the process."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from marfa.apps.name_search.protocol import SOCKET, NameHit, Scope, State
from marfa.crypto.keys import Key
from marfa.platform import localsocket

PURPOSE = "finding/socket"
CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 5.0


class FinderDownError(Exception):
    """Nobody answers: the process does not run, or not in time."""


class FinderColdError(Exception):
    """The index is being built. percent: how far that is, from 0 to 99."""

    def __init__(self, percent: int) -> None:
        super().__init__(percent)
        self.percent = percent


@dataclass(frozen=True)
class Names:
    """What the index knows. protected: whoever is marked so, apart from the others."""

    found: tuple[NameHit, ...]
    protected: tuple[NameHit, ...]


class Client:
    """Asks the process of one installation; each question has a connection of its own."""

    def __init__(self, folder: Path, key: Key) -> None:
        self._path, self._key = folder / SOCKET, key

    def find(self, text: str, scopes: Collection[Scope], most: int) -> Names:
        """The best by name. Raises FinderDownError, FinderColdError."""
        asked = [scope.as_json() for scope in scopes]
        answer = self._ask({"ask": "find", "text": text, "scopes": asked, "most": most})
        state = _state(answer)
        if not state.warm:
            raise FinderColdError(state.percent)
        found, protected = (
            tuple(NameHit.of_json(each) for each in answer[kind]) for kind in ("found", "protected")
        )
        return Names(found, protected)

    def refresh(self, subjects: Collection[UUID]) -> None:
        """These have changed: hold them as they are now. Raises FinderDownError."""
        self._ask({"ask": "refresh", "subjects": [subject.hex for subject in subjects]})

    def rebuild(self) -> None:
        """Read everything anew, while searches go on. Raises FinderDownError."""
        self._ask({"ask": "rebuild"})

    def state(self) -> State:
        """How far the index is. Raises FinderDownError."""
        return _state(self._ask({"ask": "state"}))

    def _ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            with localsocket.connect_to(self._path, self._key, CONNECT_SECONDS) as connection:
                connection.settimeout(ANSWER_SECONDS)
                localsocket.send_message(connection, question)
                answer = localsocket.receive_message(connection)
        except OSError:
            raise FinderDownError from None
        if not isinstance(answer, Mapping) or "state" not in answer:
            raise FinderDownError
        return answer


def _state(answer: Mapping[str, Any]) -> State:
    return State(**answer["state"])


def finder_client() -> Client:
    """The process of this installation."""
    from django.conf import settings

    return Client(settings.FOLDER.path, socket_key())


def socket_key() -> Key:
    """What both sides of the socket prove to have."""
    from marfa.platform.keys.instance import current_version, instance_key

    return instance_key(current_version(), PURPOSE)
