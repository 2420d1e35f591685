"""Deliveries while workers are killed: each arrives, in its lane's order, and rarely again."""

from __future__ import annotations

import os
import random
import signal
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from marfa.platform.jobs import schedules
from marfa.platform.jobs.worker import Worker
from marfa.platform.outbox.delivery import sweep_destinations
from marfa.platform.outbox.destinations import register_destination
from marfa.platform.outbox.models import Parcel
from marfa.platform.rowsecurity.ownership import INSTALLATION
from tests.platform.jobs.test_kill import KILLED_WITHIN, LEASE, fork_worker

LANES = [uuid.UUID(int=number) for number in (1, 2)]


class FileCarrier:
    """Writes each delivery as a line of a file, which like a mail cannot be taken back."""

    def __init__(self) -> None:
        self.file: Path | None = None

    def ready(self) -> bool:
        return self.file is not None

    def deliver(self, parcel: Parcel, arguments: Mapping[str, Any]) -> bool:
        assert self.file is not None
        with self.file.open("a") as stream:
            stream.write(f"{arguments['to']} {arguments['number']}\n")
        time.sleep(0.003)
        return True


def numbered(*, to: uuid.UUID, number: int) -> None:
    """The arguments of a parcel of this test."""


CARRIER = FileCarrier()
FILE = register_destination("tests", CARRIER)
FILE.accept("tests.numbered", numbered)


@pytest.fixture
def file(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(schedules, "_schedules", {})
    CARRIER.file = tmp_path / "delivered"
    CARRIER.file.touch()
    yield CARRIER.file
    CARRIER.file = None


def test_each_parcel_arrives_in_its_order(file: Path) -> None:
    drawn = random.Random(2388)
    for number in range(12):
        with transaction.atomic():
            for lane in LANES:
                FILE.post("tests.numbered", lane=lane, owner=INSTALLATION, to=lane, number=number)
        child = fork_worker()
        time.sleep(drawn.uniform(0, KILLED_WITHIN))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    connections.close_all()
    time.sleep(LEASE.total_seconds())
    sweep_destinations()
    Worker(lease=LEASE).work(until_empty=True)
    assert set(Parcel.objects.values_list("state", flat=True)) == {Parcel.State.SENT}
    for lane in LANES:
        lines = [line.split() for line in file.read_text().splitlines()]
        numbers = [int(number) for found, number in lines if found == str(lane)]
        assert numbers == sorted(numbers), "what comes again comes before what follows it"
        assert set(numbers) == set(range(12))
        assert len(numbers) <= 12 + 12, "once for each kill at most"
