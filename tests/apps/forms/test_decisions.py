"""What came in is checked again here, and people decide."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from marfa.apps.forms import jobs
from marfa.apps.forms.actions.decisions import accept_submission, recheck_submission, set_aside
from marfa.apps.forms.actions.hand_over import hand_over
from marfa.apps.forms.actions.submissions import receive_submission
from marfa.apps.forms.erasure import SubmissionShredder
from marfa.apps.forms.events import SubmissionAccepted
from marfa.apps.forms.instances import read_told
from marfa.apps.forms.models import FormVersion, Submission
from marfa.apps.organisations.queries import actor_of
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import events, units
from marfa.platform.jobs.worker import Worker
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.models import Erasure, SubjectKey
from tests.conftest import Operation
from tests.contracts.openrosa.answers import arrival
from tests.support.by_two import erase_by_two

pytestmark = pytest.mark.django_db(transaction=True)
JOB = Actor(new_id(), ActorKind.JOB)
COMMAND = Actor(new_id(), ActorKind.COMMAND)


@pytest.fixture(autouse=True)
def everywhere(operation: Operation) -> Iterator[None]:
    with every_organisation():
        yield


@pytest.fixture
def heard() -> Iterator[list[SubmissionAccepted]]:
    found: list[SubmissionAccepted] = []

    def listener(event: SubmissionAccepted) -> None:
        found.append(event)

    before = dict(events._listeners.get(SubmissionAccepted, {}))
    events.listen_to(SubmissionAccepted)(listener)
    yield found
    events._listeners[SubmissionAccepted] = before


def came(officer: Actor, version: FormVersion, content: bytes) -> Submission:
    received = receive_submission(
        actor=officer, version=version, told=read_told(content), content=content, way="pages"
    )
    return recheck_submission(actor=JOB, submission=received.submission)


def found_in(row: Submission) -> list[tuple[str, str]]:
    with open_vault():
        return [(one["kind"], one["path"]) for one in row.findings]


def test_clean_answers_wait_for_a_person(
    officer: Actor, version: FormVersion, heard: list[SubmissionAccepted]
) -> None:
    row = came(officer, version, arrival())
    assert (row.state, row.findings_count, heard) == ("checked", 0, [])
    accept_submission(actor=officer, submission=row)
    assert row.state == "accepted"
    assert heard == [SubmissionAccepted(row.pk, officer.id)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (arrival(people="", children="", adults=""), ("required", "/data/people")),
        (arrival(children="9", adults="-6"), ("constraint", "/data/children")),
        (arrival(adults="7"), ("calculation", "/data/adults")),
        (arrival(people="0", children="0", adults=""), ("irrelevant", "/data/children")),
        (arrival(people="many", children="", adults=""), ("type", "/data/people")),
    ],
    ids=["required", "constraint", "calculation", "irrelevant", "type"],
)
def test_tampered_answers_are_found_with_the_field(
    officer: Actor, version: FormVersion, content: bytes, expected: tuple[str, str]
) -> None:
    row = came(officer, version, content)
    assert row.state == "different"
    assert expected in found_in(row)


def test_where_something_differs_a_supervisor_decides_with_a_sentence(
    officer: Actor, supervisor: Actor, version: FormVersion, heard: list[SubmissionAccepted]
) -> None:
    row = came(officer, version, arrival(adults="7"))
    with pytest.raises(DeniedError):
        accept_submission(actor=officer, submission=row, sentence="I counted again.")
    with pytest.raises(InputError, match="say-why"):
        accept_submission(actor=supervisor, submission=row)
    assert heard == []
    accept_submission(actor=supervisor, submission=row, sentence="The device counted wrongly.")
    assert [event.submission for event in heard] == [row.pk]
    with pytest.raises(InputError, match="changed-meanwhile"):
        set_aside(actor=supervisor, submission=Submission.objects.get(pk=row.pk), sentence="No.")


def test_what_is_set_aside_stays_as_it_came(
    officer: Actor, supervisor: Actor, version: FormVersion, heard: list[SubmissionAccepted]
) -> None:
    content = arrival(adults="7")
    row = came(officer, version, content)
    set_aside(actor=supervisor, submission=row, sentence="Sent twice by two devices.")
    assert (row.state, heard) == ("set_aside", [])
    with open_vault():
        assert row.xml.data == content
    assert recheck_submission(actor=JOB, submission=row).state == "set_aside"


def test_a_listener_that_fails_undoes_the_acceptance(
    officer: Actor, version: FormVersion, heard: list[SubmissionAccepted]
) -> None:
    row = came(officer, version, arrival())

    def failing(event: SubmissionAccepted) -> None:
        raise OSError("no room")

    events.listen_to(SubmissionAccepted)(failing)
    with pytest.raises(OSError, match="no room"):
        accept_submission(actor=officer, submission=row)
    assert Submission.objects.get(pk=row.pk).state == "checked"


@pytest.mark.parametrize("who", ["partner", "outsider", "officer"])
def test_others_decide_nothing(
    operation: Operation, officer: Actor, version: FormVersion, who: str
) -> None:
    row = came(officer, version, arrival())
    with pytest.raises(DeniedError):
        accept_submission(actor=actor_of(getattr(operation, who)), submission=row)


def test_what_was_decided_meanwhile_is_not_decided_again(
    officer: Actor, supervisor: Actor, version: FormVersion
) -> None:
    row = came(officer, version, arrival())
    stale = Submission.objects.get(pk=row.pk)
    accept_submission(actor=officer, submission=row)
    with pytest.raises(InputError, match="changed-meanwhile"):
        accept_submission(actor=officer, submission=stale)


def test_the_person_who_is_found_takes_it_over(officer: Actor, version: FormVersion) -> None:
    content = arrival()
    row, person = came(officer, version, content), new_id()
    former = row.subject
    hand_over(submission=row, person=person)
    hand_over(submission=row, person=person)
    with open_vault():
        again = Submission.objects.get(pk=row.pk)
        assert (again.xml.data, again.subject) == (content, person)
        assert again.findings == []
    assert not SubjectKey.objects.filter(subject=former).exists()
    with pytest.raises(ValueError, match="somebody else"), units.unit_of_work():
        hand_over(submission=row, person=new_id())


@pytest.mark.usefixtures("erased")
def test_erasing_the_person_erases_it_in_older_backups_too(
    officer: Actor, version: FormVersion
) -> None:
    """Before it was given to the person another key sealed it: both go on the erased list."""
    row, person = came(officer, version, arrival()), new_id()
    former = row.subject
    hand_over(submission=row, person=person)
    counts = erase_by_two(actor=COMMAND, subject=person)
    assert counts[SubmissionShredder.code] == 1
    assert not Submission.objects.exists()
    listed = Erasure.objects.exclude(number=None).values_list("subject", flat=True)
    assert set(listed) == {person, former}


@pytest.mark.usefixtures("erased")
def test_what_is_about_nobody_known_can_be_erased(officer: Actor, version: FormVersion) -> None:
    row = came(officer, version, arrival())
    erase_by_two(actor=COMMAND, subject=row.subject)
    assert not Submission.objects.exists()
    assert not SubjectKey.objects.filter(subject=row.subject).exists()


def test_a_worker_checks_what_came_and_one_fault_keeps_nothing_waiting(
    officer: Actor, version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = []
    for adults in ("2", "3", "2"):
        content = arrival(adults=adults)
        rows.append(
            receive_submission(
                actor=officer,
                version=version,
                told=read_told(content),
                content=content,
                way="pages",
            ).submission
        )
    right = recheck_submission

    def failing(*, actor: Actor, submission: Submission) -> Submission:
        if submission.pk == rows[0].pk:
            raise RuntimeError("a fault")
        return right(actor=actor, submission=submission)

    monkeypatch.setattr("marfa.apps.forms.jobs.recheck_submission", failing)
    jobs.recheck_received.enqueue()
    Worker().work(until_empty=True)
    states = Submission.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["received", "different", "checked"]
    monkeypatch.undo()
    jobs.recheck_received.enqueue()
    Worker().work(until_empty=True)
    assert Submission.objects.get(pk=rows[0].pk).state == "checked"


def test_nothing_that_was_told_is_in_the_log(officer: Actor, version: FormVersion) -> None:
    came(officer, version, arrival(people="731", children="0", adults="12"))
    told = list(Entry.objects.values_list("detail", flat=True))
    assert told
    # References are random, and may hold any three digits.
    assert "731" not in re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", str(told))
