"""What no browser does in a test: many people of a study, and a day that is over. Run beside the
server of a journey, in a process of its own.

    python -m tests.journeys.fill_study FOLDER people|interview|scored|sign|compute|end|count
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from marfa.cli.server.installation import open_installation

open_installation(Path(sys.argv[1]))

from marfa.apps.accounts.models import User  # noqa: E402
from marfa.apps.manifest import Desk  # noqa: E402
from marfa.apps.organisations.queries import actor_of, data_controller  # noqa: E402
from marfa.apps.studies.actions import compute_result, score_interview, sign_band  # noqa: E402
from marfa.apps.studies.models import Band, Enrolment, Study  # noqa: E402
from marfa.apps.studies.views.common import item_words  # noqa: E402
from marfa.platform import clock  # noqa: E402
from marfa.platform.rowsecurity.context import every_organisation  # noqa: E402
from marfa.safeguards.vault.access import open_vault  # noqa: E402
from marfa.safeguards.words import Role  # noqa: E402
from tests.apps.screening.test_interview import ADULT, Office  # noqa: E402
from tests.apps.studies.made import JOB, Project  # noqa: E402

PEOPLE = {(True, True): 10, (True, False): 2, (False, True): 2, (False, False): 10}


def project() -> Project:
    """The study of the journey, with those of the demonstration."""
    named = {user.username: user for user in User.objects.all()}
    made = Project.__new__(Project)
    made.office = Office.__new__(Office)
    made.controller = data_controller()
    made.office.officer = actor_of(named[Desk.RECEPTION.value])
    made.office.supervisor = made.author = actor_of(named["supervisor"])
    made.readers = [actor_of(named["colleague"]), actor_of(named[Desk.PROTECTION.value])]
    made.study = Study.objects.order_by("-planned_at")[0]
    made.office.site = made.controller.sites.order_by("created_at")[0]
    return made


def people() -> None:
    """Enrolled and read; one more who is enrolled and assessed, whom nobody has read."""
    made = project()
    for (yes, victim), count in PEOPLE.items():
        pattern = made.interview(yes=yes)
        for number in range(count):
            row = pattern
            if number:
                with open_vault():
                    row = made.at_once(pattern, made.office.register(ADULT))
            enrolled = made.enrol(row)
            if (yes, victim, number) == (True, True, 0):
                made.assess(row.person)
            else:
                made.read_at_once(enrolled, victim=victim)


def interview() -> None:
    """Somebody who can be asked, or whose result is looked at; prints their reference."""
    sys.stdout.write(project().interview(yes=False).reference)


def scored() -> None:
    """Nine more stories, which two people score alike."""
    made = project()
    item = item_words(made.study.instrument)[0][0]
    for number in range(2, 11):
        for actor in (made.author, made.readers[1]):
            answers = {item: "yes" if number % 2 else "no"}
            name = f"script-{number}"
            score_interview(
                actor=actor, study=made.study, script=name, answers=answers, later=False
            )


def sign() -> None:
    """By another supervisor."""
    made = project()
    sign_band(actor=actor_of(made.staff("second", Role.SUPERVISOR)), band=Band.objects.get())


def compute() -> None:
    """As the work beside does, where no worker came yet."""
    compute_result(actor=JOB, study=project().study)


def end() -> None:
    """Its day is today."""
    today = clock.now().date()
    Band.objects.update(begins=today - timedelta(days=9), ends=today)


def count() -> None:
    sys.stdout.write(str(Enrolment.objects.filter(study=project().study).count()))


STEPS: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (people, interview, scored, sign, compute, end, count)
}

if __name__ == "__main__":
    with every_organisation():
        STEPS[sys.argv[2]]()
