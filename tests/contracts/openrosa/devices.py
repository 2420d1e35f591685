"""Many devices at once against a server that runs, and is killed: for a test and a benchmark.

python driving.py FOLDER prepare     in an installation: a form, a person, a device; as JSON
python driving.py FOLDER stored      instanceID -> SHA-256 of what is stored, opened; as JSON
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.contracts.openrosa.answers import arrival
from tests.contracts.openrosa.client import Answer, Client
from tests.support.installation import environment, free_port

PATIENCE = 90
"""Seconds for which a device tries to reach a server again."""


# The server


class Server:
    """``marfa serve`` in a group of processes of its own, so that all of it can be killed."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.settings, self.port = folder, settings, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        log = self.folder.with_name(f"{self.folder.name}.log").open("ab")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "marfa", "serve", "--data", str(self.folder)),
                *("--port", str(self.port), "--json"),
            ],
            env=environment(**self.settings),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            health = f"{self.origin}/health/"
            with (
                contextlib.suppress(OSError, http.client.HTTPException),
                urllib.request.urlopen(health, timeout=5) as answer,
            ):
                if answer.status == 200:
                    return
            time.sleep(0.1)
        raise TimeoutError("the server does not answer")

    def kill(self, sent: int = signal.SIGKILL) -> None:
        """End all its processes; by default without a chance to finish anything."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, sent)
            self.process.wait(timeout=30)
            self.process = None


def inside(folder: Path, command: str, **settings: str) -> dict[str, str]:
    """Run a command of this file within an installation."""
    done = subprocess.run(
        [sys.executable, __file__, str(folder), command],
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, str] = json.loads(done.stdout)
    return found


# The devices


@dataclass
class Driven:
    """latencies: seconds of the requests that were acknowledged. acknowledged: instanceID ->
    SHA-256 of what was sent. repeated: requests that had to be sent again."""

    latencies: list[float] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    seconds: float = 0.0

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the requests was acknowledged."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Post(Protocol):
    """Sends one form; the status of the answer."""

    def __call__(self, xml: bytes, /) -> int: ...

    def close(self) -> None: ...


def drive(
    posts: Callable[[], Post], count: int, at_once: int, halfway: Callable[[], None] | None = None
) -> Driven:
    """Send so many filled-in forms from so many devices, each again until it is acknowledged.

    halfway: done once, beside it, when half of them are acknowledged.
    """
    driven, lock, local = Driven(), threading.Lock(), threading.local()
    half = threading.Event()
    opened: list[Post] = []

    def send(_number: int) -> None:
        if not hasattr(local, "post"):
            local.post = posts()
            with lock:
                opened.append(local.post)
        key = str(uuid.uuid4())
        xml = arrival(instance=f"uuid:{key}")
        end = time.monotonic() + PATIENCE
        while True:
            begun = time.perf_counter()
            try:
                if local.post(xml) == 201:
                    break
            except (OSError, http.client.HTTPException):
                local.post.close()
            if time.monotonic() > end:
                raise TimeoutError("not acknowledged")
            with lock:
                driven.repeated += 1
            time.sleep(0.05)
        with lock:
            driven.latencies.append(time.perf_counter() - begun)
            driven.acknowledged[key] = hashlib.sha256(xml).hexdigest()
            if len(driven.acknowledged) * 2 >= count:
                half.set()

    beside = threading.Thread(target=lambda: half.wait() and halfway and halfway())
    if halfway is not None:
        beside.start()
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        for _done in pool.map(send, range(count)):
            pass
    driven.seconds = time.perf_counter() - begun
    for post in opened:
        post.close()
    if halfway is not None:
        beside.join()
    return driven


class Device:
    """A device that keeps its connection, as apps do."""

    def __init__(self, origin: str, username: str, password: str) -> None:
        where = urlsplit(origin)
        self.connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        self.client = Client(self.send, "/openrosa", username, password)

    def __call__(self, xml: bytes, /) -> int:
        return self.client.post(xml).status

    def close(self) -> None:
        self.connection.close()

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request over the connection; afterwards it is closed where it failed."""
        try:
            self.connection.request(method, path, body, dict(headers))
            answer = self.connection.getresponse()
            content = answer.read()
        except BaseException:
            self.connection.close()
            raise
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, content)


# Within the installation


def prepare() -> dict[str, str]:
    """A form that is asked, and a device of a reception officer."""
    from marfa.apps.accounts.actions import create_user
    from marfa.apps.forms.actions.devices import connect_device
    from marfa.apps.forms.models import FormDefinition, FormVersion
    from marfa.apps.organisations.actions import grant_role
    from marfa.apps.organisations.queries import actor_of, data_controller
    from marfa.platform import clock
    from marfa.platform.rowsecurity.context import every_organisation
    from marfa.safeguards.words import Role

    xml = (Path(__file__).parents[2] / "apps/forms/arrival.xml").read_text(encoding="utf-8")
    md5 = hashlib.md5(xml.encode(), usedforsecurity=False).hexdigest()
    with every_organisation():
        organisation = data_controller()
        user = create_user(username="officer7", display_name="Officer")
        grant_role(user=user, role=Role.RECEPTION_OFFICER, organisation=organisation)
        form = FormDefinition.objects.create(
            organisation=organisation,
            form_id="arrival",
            titles={"en": "Arrival"},
            purpose="registration",
            sensitive=False,
            open_to_apps=True,
            created_at=clock.now(),
        )
        FormVersion.objects.create(
            organisation=organisation,
            form=form,
            version="2026010101",
            xml=xml,
            md5=md5,
            source_sha256="0" * 64,
            languages=["en", "ar"],
            added_at=clock.now(),
            published_at=clock.now(),
        )
        actor = actor_of(user)
        made = connect_device(actor=actor, user=user, organisation=organisation, label="Tablet")
    return {"username": made.device.reference, "password": made.password}


def stored() -> dict[str, str]:
    """What is there, opened: the digest is worked out anew and not taken from its column."""
    return dict(_stored())


def _stored() -> Iterator[tuple[str, str]]:
    from marfa.apps.forms.models import Submission
    from marfa.platform.rowsecurity.context import every_organisation
    from marfa.safeguards.vault.access import open_vault

    with every_organisation(), open_vault():
        for row in Submission.objects.order_by("id").iterator(500):
            yield str(row.instance), hashlib.sha256(row.xml.data).hexdigest()


if __name__ == "__main__":
    os.environ["MARFA_DATA"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.settings"
    import django

    django.setup()
    print(json.dumps({"prepare": prepare, "stored": stored}[sys.argv[2]]()))  # noqa: T201
