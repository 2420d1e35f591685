"""People in a real installation, made and erased by a process of their own.

    python -m tests.support.vault_process DATA make 3          keys and sealed names of three people
    python -m tests.support.vault_process DATA names           what opens of them, and who is erased
    python -m tests.support.vault_process DATA erase 0 2       erase the first and the third

The names lie sealed in drafts.json beside the data folder, as an app would have them in a table.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

from tests.support.installation import environment

NAME = "Canary Zaytouna"


def in_installation(data: Path, *arguments: str, **settings: str) -> dict[str, object]:
    """What the script said, as JSON; fails where it failed."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.support.vault_process", str(data), *arguments],
        env=environment(MARFA_DATA=str(data), **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert found.returncode == 0, found.stderr
    answer: dict[str, object] = json.loads(found.stdout)
    return answer


def main(data: Path, command: str, *arguments: str) -> dict[str, object]:
    from marfa.cli.server.installation import open_installation

    open_installation(data)
    beside = data.with_name(f"{data.name}.people.json")
    people = json.loads(beside.read_text()) if beside.exists() else {}
    if command == "make":
        people = make(int(arguments[0]))
        beside.write_text(json.dumps(people))
    elif command == "erase":
        erase([list(people)[int(which)] for which in arguments])
    return names(people)


def make(count: int) -> dict[str, str]:
    from marfa.crypto.columns import Column
    from marfa.domain.ids import new_id
    from marfa.safeguards.vault.access import open_vault

    made = {}
    with open_vault() as vault:
        for number in range(count):
            person = new_id()
            cipher = vault.key_for_subject(person)
            name = f"{NAME} {number}".encode()
            made[person.hex] = Column("people", "name").seal(cipher, person.hex, name).hex()
    return made


def erase(people: list[str]) -> None:
    from marfa.domain.ids import new_id
    from marfa.platform import units
    from marfa.safeguards.actions import Act
    from marfa.safeguards.actor import Actor, ActorKind
    from marfa.safeguards.audit.event import Event
    from marfa.safeguards.vault.erasure import erase_subject
    from marfa.safeguards.words import Purpose

    for person in map(UUID, people):
        actor = Actor(new_id(), ActorKind.COMMAND)
        act = Act(Event("privacy.erase", actor, Purpose.DATA_PROTECTION, subject=person))
        with units.unit_of_work():
            erase_subject(act=act, subject=person, reason="request")


def names(people: dict[str, str]) -> dict[str, object]:
    from marfa.crypto.columns import Column
    from marfa.safeguards.vault.access import open_vault
    from marfa.safeguards.vault.errors import ErasedError

    found: dict[str, object] = {}
    with open_vault() as vault:
        for number, (person, sealed) in enumerate(people.items()):
            try:
                cipher = vault.key_of_subject(UUID(person))
            except ErasedError:
                found[str(number)] = None
                continue
            name = Column("people", "name").open(cipher, person, bytes.fromhex(sealed))
            found[str(number)] = name.decode()
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *sys.argv[2:])))  # noqa: T201
