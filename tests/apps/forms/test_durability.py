"""What was acknowledged is there, whatever happens to the server."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tests.contracts.openrosa.devices import Device, Server, drive, inside
from tests.support.installation import POSTGRESQL, init
from tests.support.shared_copies import Once

COUNT, AT_ONCE = 200, 10


def settings() -> dict[str, str]:
    """On PostgreSQL a database of its own in the cluster of the tests."""
    if not POSTGRESQL:
        return {}
    control = os.environ["MARFA_DATABASE"]
    with psycopg.connect(control, autocommit=True) as cluster:
        cluster.execute("DROP DATABASE IF EXISTS durable_forms")
        cluster.execute("CREATE DATABASE durable_forms")
    host = conninfo_to_dict(control)["host"]
    return {"MARFA_DATABASE": f"postgresql:///durable_forms?host={host}&user=marfa"}


def test_nothing_is_lost_when_the_server_is_killed_in_the_middle(
    once: Once, tmp_path: Path
) -> None:
    """Ten devices send two hundred forms; halfway every process of the server is killed."""
    place, more = tmp_path / "data", settings()
    if more:
        made = init(place, **more)
        assert made.returncode == 0, made.stderr
    else:
        once.installation(place)
    device = inside(place, "prepare", **more)
    server = Server(place, **more)

    def kill_and_start() -> None:
        server.kill()
        server.start()

    server.start()
    try:
        server.wait()

        def posts() -> Device:
            return Device(server.origin, device["username"], device["password"])

        driven = drive(posts, COUNT, AT_ONCE, halfway=kill_and_start)
    finally:
        server.kill()
    found = inside(place, "stored", **more)
    assert len(driven.acknowledged) == COUNT
    assert driven.repeated > 0, "the server was away for a moment"
    assert found == driven.acknowledged
