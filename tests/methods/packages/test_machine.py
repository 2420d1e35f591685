"""Runs of three installations: packages, losses, doubles, reorderings, rotations, recalls, clocks
that are wrong by a year. Nobody takes what was not sent to them, nothing is taken twice, and each
loss shows in the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from marfa.methods.packages import book, container_reader, extraction
from marfa.methods.packages.book import Book
from marfa.methods.packages.keys import PublicKeys
from tests.methods.packages.world import World, WorldError, template

STEPS = 30
SHORT, LONG = 40, 5_000
TRIES = 400
"""Runs within which a planted fault is found."""


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("bodies"))


@pytest.fixture(autouse=True)
def without_disk() -> Iterator[None]:
    """Power cuts are tried elsewhere; here only what is decided is looked at."""
    with patch("os.fsync"):
        yield


def run(bodies: Path, place: Path, seeds: range) -> int:
    taken = 0
    for seed in seeds:
        world = World(bodies, place / "run", seed)
        try:
            world.run(STEPS)
        except WorldError as error:
            raise WorldError(f"run {seed}: {error}") from None
        taken += sum(len(came) for side in world.sides.values() for came in side.came.values())
    return taken


def test_three_installations(bodies: Path, tmp_path: Path) -> None:
    assert run(bodies, tmp_path, range(SHORT)) > 2 * SHORT


@pytest.mark.slow
def test_three_installations_for_long(bodies: Path, tmp_path: Path) -> None:
    assert run(bodies, tmp_path, range(LONG)) > 2 * LONG


def nothing(*_args: Any, **_kwargs: Any) -> None:
    """A check that was left out."""


def _without_old_numbers(found: Book, body: str) -> list[Any]:
    rows = (row for row in found.sent.values() if row.body == body and row.kind == "referral")
    return sorted(rows, key=lambda row: row.sequence)


def _one_too_few(found: Book, body: str) -> list[int]:
    seen = found.came_from(body)
    return [number for number in range(2, max(seen, default=0)) if number not in seen]


_real_sender: Callable[..., Any] = extraction._sender


def _who_ended_too(found: Book, manifest: Any) -> Any:
    partner = found.partners[manifest.sender]
    if partner.ended:
        return partner
    return _real_sender(found, manifest)


def _judge(leave_out: str) -> Callable[..., None]:
    """The gate with one of its questions left out."""
    import inspect
    import textwrap

    lines = textwrap.dedent(inspect.getsource(extraction._Gate.judge)).splitlines()
    at = next(number for number, line in enumerate(lines) if leave_out in line)
    del lines[at : at + (2 if lines[at].rstrip().endswith(":") else 1)]
    made: dict[str, Any] = {}
    exec("\n".join(lines), vars(extraction), made)  # noqa: S102 - our own source, a line less
    judge: Callable[..., None] = made["judge"]
    return judge


FAULTS: dict[str, Callable[[], Any]] = {
    "what came may come again": lambda: patch.object(extraction, "_check_repeated", nothing),
    "for whom it was signed is not asked": lambda: patch.object(
        extraction._Gate, "judge", _judge("recipient_key")
    ),
    "what is past its time is taken": lambda: patch.object(
        extraction._Gate, "judge", _judge("valid_until")
    ),
    "what was recalled is taken": lambda: patch.object(
        extraction._Gate, "judge", _judge("recalled")
    ),
    "signatures are not checked": lambda: patch.object(
        container_reader, "is_signed", lambda *_: True
    ),
    "keys that ended count": lambda: patch.object(extraction, "_sender", _who_ended_too),
    "replaced keys count for ever": lambda: patch.object(extraction, "_check_old_key", nothing),
    "anybody hands keys over": lambda: patch.object(PublicKeys, "follows_old_keys", True),
    "any digits do": lambda: patch(
        "marfa.methods.packages.partners.same_fingerprint", lambda *_: True
    ),
    "a number is used twice": lambda: patch.object(book.Book, "sent_to", _without_old_numbers),
    "the first loss is not seen": lambda: patch.object(book.Book, "missing", _one_too_few),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(bodies: Path, tmp_path: Path, fault: str) -> None:
    with FAULTS[fault](), pytest.raises(WorldError):
        run(bodies, tmp_path, range(TRIES))


QUICK = ("what came may come again", "a number is used twice", "signatures are not checked")


@pytest.mark.parametrize("fault", QUICK)
def test_some_planted_faults_are_found_at_once(bodies: Path, tmp_path: Path, fault: str) -> None:
    with FAULTS[fault](), pytest.raises(WorldError):
        run(bodies, tmp_path, range(SHORT))
