"""The process as the pages meet it: over its socket, in a folder of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marfa.apps.name_search import client, process
from marfa.apps.name_search.answers import LONGEST_TEXT
from marfa.apps.name_search.client import Client, FinderColdError, FinderDownError
from marfa.apps.name_search.process import Finder, RunsAlreadyError
from marfa.apps.name_search.protocol import SOCKET, Scope
from marfa.crypto.keys import Key
from marfa.platform import localsocket
from tests.apps.name_search.source import ORGANISATION, Generated

KEY = Key.random()
EVERYWHERE = [Scope(ORGANISATION)]


PATIENCE = 120.0
"""Seconds after which a thing that should happen is given up; on a busy machine all is late."""


def soon(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


class Running:
    """A finder in a thread, and whoever asks it."""

    def __init__(self, folder: Path, source: Generated) -> None:
        self.folder, self.source = folder, source
        self.client = Client(folder, KEY)
        self.start()

    def start(self) -> None:
        self.finder = Finder(self.folder, KEY, lambda: [self.source])
        self.thread = threading.Thread(target=self.finder.serve, daemon=True)
        self.thread.start()
        soon(lambda: (self.folder / SOCKET).exists())

    def stop(self) -> None:
        self.finder.stop()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()

    def warm(self) -> None:
        soon(self.is_warm)

    def is_warm(self) -> bool:
        """Whether it answers that it is; on a machine with much to do an answer may come late."""
        try:
            return self.client.state().warm
        except FinderDownError:
            return False


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    # A page does not wait this long; here an answer that is late is an answer.
    monkeypatch.setattr(client, "CONNECT_SECONDS", PATIENCE)
    monkeypatch.setattr(client, "ANSWER_SECONDS", PATIENCE)
    monkeypatch.setattr(process, "SECONDS", PATIENCE)
    source = Generated()
    source.add("فاطمة الخطيب")
    source.add("Amina Haddad", protected=True)
    made = Running(tmp_path, source)
    yield made
    source.pause.set()
    made.stop()


def test_it_finds_by_name_and_keeps_the_protected_apart(running: Running) -> None:
    running.warm()
    names = running.client.find("Fatima Khatib", EVERYWHERE, 10)
    assert [each.name for each in names.found] == ["فاطمة الخطيب"]
    assert names.protected == ()
    names = running.client.find("Amina Haddad", EVERYWHERE, 10)
    assert names.found == ()
    assert len(names.protected) == 1


def test_while_it_is_cold_it_says_how_far_it_is(running: Running) -> None:
    running.warm()
    running.stop()
    running.source.pause.clear()
    running.start()
    with pytest.raises(FinderColdError) as cold:
        running.client.find("Fatima", EVERYWHERE, 10)
    assert 0 <= cold.value.percent < 100


def test_who_is_erased_or_protected_is_gone_with_the_next_question(running: Running) -> None:
    running.warm()
    (sought,) = [each for each, entry in running.source.people.items() if not entry.protected]
    running.source.change(sought, protected=True)
    running.client.refresh([sought])
    assert not running.client.find("Fatima Khatib", EVERYWHERE, 10).found
    del running.source.people[sought]
    running.client.refresh([sought])
    assert not running.client.find("Fatima Khatib", EVERYWHERE, 10).protected


def test_it_comes_back_after_a_restart_with_what_is_true_then(running: Running) -> None:
    running.warm()
    running.stop()
    with pytest.raises(FinderDownError):
        running.client.state()
    running.source.add("Marie Dupont")
    running.start()
    running.warm()
    assert len(running.client.find("Dupont", EVERYWHERE, 10).found) == 1


def test_a_rebuild_is_asked_for_and_searches_go_on(running: Running) -> None:
    running.warm()
    running.source.add("Marie Dupont")
    assert not running.client.find("Dupont", EVERYWHERE, 10).found
    running.client.rebuild()
    soon(lambda: bool(running.client.find("Dupont", EVERYWHERE, 10).found))


def test_there_is_one_at_a_time(running: Running) -> None:
    running.warm()
    with pytest.raises(RunsAlreadyError):
        Finder(running.folder, KEY, list).serve()
    second = Finder(running.folder, KEY, lambda: [running.source])
    thread = threading.Thread(target=second.serve, kwargs={"wait": True}, daemon=True)
    thread.start()
    running.stop()
    soon(lambda: (running.folder / SOCKET).exists())
    running.warm()
    second.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    running.start()


def test_another_key_gets_no_answer(running: Running) -> None:
    with pytest.raises(FinderDownError):
        Client(running.folder, Key.random()).state()


@pytest.mark.parametrize(
    "question",
    [
        None,
        {"ask": "everything"},
        {"ask": "find", "text": "x" * (LONGEST_TEXT + 1), "scopes": [], "most": 5},
        {"ask": "find", "text": "x", "scopes": [], "most": 100_000},
        {"ask": "find", "text": "x", "scopes": [{"organisation": "?"}], "most": 5},
        {"ask": "refresh", "subjects": ["x"]},
    ],
)
def test_what_is_no_question_is_refused_and_the_next_one_answered(
    running: Running, question: object
) -> None:
    with localsocket.connect_to(running.folder / SOCKET, KEY, PATIENCE) as connection:
        localsocket.send_message(connection, question)
        assert localsocket.receive_message(connection) == {"refused": True}
    running.warm()


def test_many_may_ask_at_once(running: Running) -> None:
    running.warm()
    counts: list[int] = []

    def ask() -> None:
        for _ in range(10):
            counts.append(len(running.client.find("Fatima Khatib", EVERYWHERE, 10).found))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert counts == [1] * 80


def test_a_question_never_stands_in_a_log(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    running.warm()

    def fails(*_arguments: object) -> None:
        raise RuntimeError("Fatima Khatib")

    running.finder._builder.holding.find = fails  # type: ignore[method-assign,assignment]
    with pytest.raises(FinderDownError):
        running.client.find("Fatima Khatib", EVERYWHERE, 10)
    soon(lambda: bool(caplog.records))
    assert "Fatima" not in caplog.text
    assert "RuntimeError" in caplog.text
