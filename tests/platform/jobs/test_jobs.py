"""A job from writing to its end: done, tried again, failed for good, cancelled, taken over."""

from __future__ import annotations

import contextlib
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from marfa.platform import clock
from marfa.platform.arguments import NotAnIdentifierError
from marfa.platform.jobs import queries
from marfa.platform.jobs.actions import cancel_job, prune_jobs, retry_job
from marfa.platform.jobs.claims import claim_job
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.registry import Retry, job
from marfa.platform.jobs.run import LEASE, JobCancelledError, LeaseLostError, Run
from marfa.platform.jobs.states import SUPERSEDED, WORKER_DIED
from marfa.platform.jobs.worker import Worker
from tests.platform.jobs.handlers import effects, failing, late, once, steps, whole, write

pytestmark = pytest.mark.usefixtures("effects_table")

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
SUBJECT = uuid.UUID(int=7)


def work() -> int:
    worker = Worker()
    worker.work(until_empty=True)
    return worker.did


def state(identifier: uuid.UUID) -> str:
    return Job.objects.get(pk=identifier).state


def test_what_is_committed_is_done_and_what_is_rolled_back_is_not() -> None:
    with transaction.atomic():
        kept = whole.enqueue(number=1)
    with contextlib.suppress(RuntimeError), transaction.atomic():
        whole.enqueue(number=2)
        raise RuntimeError
    assert work() == 1
    assert effects() == [(str(kept), 0)]
    assert state(kept) == Job.State.DONE


def test_a_text_is_refused_at_the_door() -> None:
    with pytest.raises(NotAnIdentifierError):
        late.enqueue(subject="Canary Al-Hidden")  # type: ignore[arg-type]
    assert not Job.objects.exists()


def test_the_database_refuses_a_state_that_does_not_exist() -> None:
    made = whole.enqueue(number=1)
    for wrong in ({"state": "lost"}, {"state": "running"}, {"token": uuid.uuid4()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=made).update(**wrong)


def test_a_job_waits_for_its_time() -> None:
    with clock.set_to(START):
        whole.using(run_at=START + timedelta(hours=1)).enqueue(number=1)
        assert work() == 0
    with clock.set_to(START + timedelta(hours=1)):
        assert work() == 1


def test_failure_leaves_no_effect_and_no_text() -> None:
    with clock.set_to(START):
        made = failing.enqueue()
        assert work() == 0, "what failed is not counted as done"
    row = Job.objects.get()
    assert (row.state, row.attempts, effects()) == (Job.State.WAITING, 1, [])
    assert timedelta(seconds=2) < row.run_at - START < timedelta(seconds=8)
    assert row.error.startswith("ValueError")
    assert "Canary" not in str(Job.objects.values_list().get(pk=made))


def test_what_keeps_failing_is_a_dead_letter_until_somebody_lets_it_try_again() -> None:
    made = failing.enqueue()
    moment = clock.now()
    for _ in range(3):
        assert state(made) == Job.State.WAITING
        moment += timedelta(hours=2)
        with clock.set_to(moment):
            work()
    assert [row.pk for row in queries.dead_letters()] == [made]
    with clock.set_to(moment + timedelta(days=90)):
        assert prune_jobs() == 0, "what failed is not thrown away unseen"
        assert work() == 0
        assert retry_job(job=made)
        assert not retry_job(job=made), "it is no dead letter any more"
        assert work() == 0
        assert Job.objects.get(pk=made).attempts == 1, "it was tried again"
    assert state(made) == Job.State.WAITING


def test_rests_double_and_chance_spreads_them() -> None:
    retry = Retry(first=timedelta(seconds=10), longest=timedelta(minutes=10))
    for attempt, expected in ((1, 10), (2, 20), (5, 160), (9, 600), (500, 600)):
        rests = {retry.rest(attempt).total_seconds() for _ in range(50)}
        assert expected * 0.5 <= min(rests)
        assert max(rests) <= expected * 1.5
        assert len(rests) > 40


def test_equal_work_waits_once() -> None:
    later = clock.now() + timedelta(hours=1)
    first = once.using(run_at=later).enqueue(subject=SUBJECT)
    assert once.enqueue(subject=SUBJECT) == first
    assert Job.objects.get(pk=first).run_at < later, "the earlier of both times holds"
    other = once.enqueue(subject=uuid.UUID(int=8))
    assert other != first
    assert work() == 2


def test_what_comes_while_equal_work_runs_is_done_after_it() -> None:
    first = once.enqueue(subject=SUBJECT)
    taken = claim_job(LEASE)
    assert taken is not None
    second = once.enqueue(subject=SUBJECT)
    assert second != first, "the one that runs may have looked already"
    assert claim_job(LEASE) is None, "equal work does not run at the same time"
    with Run(taken).effect():
        pass
    after = claim_job(LEASE)
    assert after is not None
    assert after.pk == second


def test_equal_work_that_failed_gives_way_to_what_waits() -> None:
    first = once.enqueue(subject=SUBJECT)
    taken = claim_job(LEASE)
    assert taken is not None
    second = once.enqueue(subject=SUBJECT)
    worker = Worker()
    worker._failed(once, taken, Run(taken), ValueError())
    assert Job.objects.get(pk=first).error == SUPERSEDED
    assert state(second) == Job.State.WAITING


def test_a_job_whose_worker_died_is_taken_over_and_the_old_start_can_commit_nothing() -> None:
    with clock.set_to(START):
        made = whole.enqueue(number=1)
        dead = claim_job(LEASE)
        assert dead is not None
        assert claim_job(LEASE) is None
    with clock.set_to(START + LEASE):
        assert work() == 1
    with pytest.raises(LeaseLostError), Run(dead).effect():
        write(Run(dead))
    with pytest.raises(LeaseLostError), Run(dead).step(position=1):
        write(Run(dead))
    assert effects() == [(str(made), 0)]


def test_a_lease_from_a_clock_that_went_back_is_not_waited_for() -> None:
    with clock.set_to(START + timedelta(days=400)):
        whole.using(run_at=START).enqueue(number=1)
        assert claim_job(LEASE) is not None
    with clock.set_to(START):
        assert work() == 1


def test_a_heartbeat_holds_a_job() -> None:
    with clock.set_to(START):
        whole.enqueue(number=1)
        taken = claim_job(LEASE)
    assert taken is not None
    run = Run(taken)
    run.progress(3, 10)
    with clock.set_to(START + LEASE / 2):
        run.beat()
    with clock.set_to(START + LEASE):
        assert claim_job(LEASE) is None
        row = queries.running_jobs().get()
    assert (row.progress_done, row.progress_total) == (3, 10)
    assert row.heartbeat_at == START + LEASE / 2


def test_a_job_that_kills_its_workers_ends_among_the_dead_letters() -> None:
    made = failing.enqueue()
    moment = clock.now()
    for _ in range(3):
        with clock.set_to(moment):
            assert claim_job(LEASE) is not None
        moment += LEASE
    with clock.set_to(moment):
        assert claim_job(LEASE) is None
    row = queries.dead_letters().get()
    assert (row.pk, row.error) == (made, WORKER_DIED)


def test_waiting_work_is_cancelled_at_once() -> None:
    made = whole.enqueue(number=1)
    assert cancel_job(job=made)
    assert not cancel_job(job=made)
    assert work() == 0
    assert state(made) == Job.State.CANCELLED


def test_running_work_is_cancelled_where_it_asks_and_keeps_the_steps_it_committed() -> None:
    made = cancelling.enqueue()
    assert work() == 0
    assert state(made) == Job.State.CANCELLED
    assert effects() == [(str(made), 0)]


@job("tests.cancelling", atomic=False)
def cancelling(run: Run) -> None:
    for part in range(3):
        with run.step(position=part + 1):
            write(run, part)
        assert cancel_job(job=run.id)


def test_a_cancelled_job_is_not_taken_over() -> None:
    with clock.set_to(START):
        made = whole.enqueue(number=1)
        claim_job(LEASE)
        assert cancel_job(job=made)
    with clock.set_to(START + LEASE):
        work()
    assert state(made) == Job.State.CANCELLED
    assert effects() == []


def test_cancelling_is_heard_by_the_heart() -> None:
    whole.enqueue(number=1)
    taken = claim_job(LEASE)
    assert taken is not None
    run = Run(taken)
    assert cancel_job(job=run.id)
    run.beat()
    with pytest.raises(JobCancelledError):
        run.check()


def test_steps_go_on_where_they_were_and_begin_the_count_of_attempts_anew() -> None:
    with clock.set_to(START):
        made = steps.enqueue()
        taken = claim_job(LEASE)
        assert taken is not None
        run = Run(taken)
        mark = uuid.uuid4()
        with run.step(position=1, total=4, cursor=mark):
            write(run, 0)
        with contextlib.suppress(RuntimeError), run.step(position=2, total=4):
            write(run, 1)
            raise RuntimeError
    with clock.set_to(START + 2 * LEASE):
        again = claim_job(LEASE)
        assert again is not None
        assert (again.cursor, again.position, again.attempts) == (mark, 1, 2)
        with Run(again).step(position=2, total=4, cursor=mark):
            write(run, 1)
        assert Job.objects.get().attempts == 1
    with clock.set_to(START + 4 * LEASE):
        assert work() == 1
    assert sorted(effects()) == [(str(made), part) for part in range(4)]


def test_a_worker_that_is_stopped_gives_back_what_asks() -> None:
    made = giving_way.enqueue()
    worker = Worker()
    STOPPED.append(worker)
    worker.work()
    row = Job.objects.get(pk=made)
    assert (row.state, row.attempts) == (Job.State.WAITING, 0)
    assert worker.did == 0


def test_the_next_job_is_taken_with_the_end_of_the_one_before_and_given_back() -> None:
    worker = Worker()
    STOPPED.append(worker)
    with clock.set_to(clock.now()):
        first, second = stopping_after.enqueue(), whole.enqueue(number=1)
        worker.work()
    assert (worker.did, state(first)) == (1, Job.State.DONE)
    row = Job.objects.get(pk=second)
    assert (row.state, row.attempts) == (Job.State.WAITING, 0)


@job("tests.stopping_after", atomic=False)
def stopping_after(run: Run) -> None:
    with run.effect():
        pass
    assert queries.running_jobs().count() == 1, "the next one is held already"
    STOPPED.pop().stop()


STOPPED: list[Worker] = []


@job("tests.giving_way", atomic=False)
def giving_way(run: Run) -> None:
    STOPPED.pop().stop()
    run.check()
    raise AssertionError("the worker stops, so the job was to end")


def test_work_of_another_version_waits_for_it() -> None:
    made = whole.enqueue(number=1)
    Job.objects.update(name="tests.from_the_future")
    assert work() == 0
    assert [row.pk for row in queries.unknown_jobs()] == [made]


def test_late_work_shows_where_no_worker_runs() -> None:
    with clock.set_to(START):
        made = whole.enqueue(number=1)
        assert not queries.late_jobs().exists()
    with clock.set_to(START + timedelta(minutes=11)):
        assert queries.late_jobs().get().pk == made


def test_what_is_done_is_kept_a_month() -> None:
    with clock.set_to(START):
        whole.enqueue(number=1)
        work()
    with clock.set_to(START + timedelta(days=29)):
        assert prune_jobs() == 0
    with clock.set_to(START + timedelta(days=31)):
        assert prune_jobs() == 1


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="already"):
        job("tests.whole")(lambda run: None)
    with pytest.raises(ValueError, match="is not"):
        job("Whole")(lambda run: None)


def test_a_heartbeat_that_comes_late_does_not_move_a_job_back() -> None:
    made = steps.enqueue()
    taken = claim_job(LEASE)
    assert taken is not None
    run, slow = Run(taken), Run(taken)
    with run.step(position=1, total=4):
        write(run, 0)
    slow.beat()  # as if it had read what it writes before the step was committed
    row = Job.objects.get(pk=made)
    assert (row.position, row.progress_done) == (1, 0)
