"""Two people, a reason, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from marfa.crypto.boxes import open_box
from marfa.crypto.lines import Point
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.sealed import keyholders, queries, requests
from marfa.safeguards.sealed.models import OpeningRequest, SealedRecord, Share
from marfa.safeguards.sealed.records import own_point, share_place
from tests.safeguards.sealed.office import (
    CONTENT,
    WHY,
    Office,
    account,
    again,
    ask,
    fresh,
    unlocked,
    words_of,
)

State = OpeningRequest.State


def approve(actor: Actor, request: OpeningRequest) -> None:
    requests.approve_opening(actor=fresh(actor), request=again(request), unlocked=unlocked(actor))


def open_it(actor: Actor, request: OpeningRequest) -> bytes:
    return requests.open_record(
        actor=fresh(actor), request=again(request), unlocked=unlocked(actor)
    )


def test_two_people_open_it_once(office: Office) -> None:
    request = office.ask(office.seal())
    assert requests.reason_of(request, unlocked(office.supervisor)) == WHY
    approve(office.supervisor, request)
    assert open_it(office.worker, request) == CONTENT
    assert again(request).state == State.OPENED
    assert again(request).approval is None
    with pytest.raises(DeniedError):
        open_it(office.worker, request)


@pytest.mark.parametrize("asks", [0, 1, 2])
@pytest.mark.parametrize("answers", [0, 1, 2])
def test_any_two_and_nobody_alone(office: Office, asks: int, answers: int) -> None:
    record = office.seal()
    one, other = office.holders[asks], office.holders[answers]
    if office.supervisor in (one,):
        # The charter lets supervisors answer and not ask.
        with pytest.raises(DeniedError):
            ask(one, record)
        return
    request = ask(one, record)
    if one is other:
        with pytest.raises(DeniedError) as caught:
            approve(other, request)
        assert "OP29.sealed.approved-by-another" in caught.value.decision.policies
    else:
        approve(other, request)
        assert open_it(one, request) == CONTENT


def test_who_approves_never_has_what_opens_it(office: Office) -> None:
    """The supervisor has one point; the other points are sealed to others."""
    record = office.seal()
    keys = unlocked(office.supervisor)
    opened = 0
    for share in Share.objects.filter(record=record):
        try:
            box = open_box(
                bytes(share.box),
                private=keys.private,
                context=share_place(record, share.staff),
            )
        except Exception:  # noqa: S112
            continue
        opened += bool(Point.decode(box))
    assert opened == 1
    request = office.ask(record)
    approve(office.supervisor, request)
    with pytest.raises(InputError, match="request-changed"):
        requests._join(again(request), keys)


def test_an_outsider_neither_asks_nor_answers(office: Office) -> None:
    record = office.seal()
    with pytest.raises(DeniedError):
        ask(office.outsider, record)
    request = office.ask(record)
    with pytest.raises(DeniedError):
        approve(office.outsider, request)
    with pytest.raises(DeniedError):
        open_it(office.outsider, request)


def test_a_colleague_does_not_open_what_somebody_else_asked_for(office: Office) -> None:
    request = office.ask(office.seal())
    approve(office.supervisor, request)
    with pytest.raises(DeniedError):
        open_it(office.colleague, request)


def test_a_second_factor_that_is_five_minutes_old_is_not_enough(office: Office) -> None:
    request = office.ask(office.seal())
    keys = unlocked(office.supervisor)
    stale = fresh(office.supervisor)
    with clock.set_to(clock.now() + timedelta(seconds=301)), pytest.raises(DeniedError) as caught:
        requests.approve_opening(actor=stale, request=again(request), unlocked=keys)
    assert caught.value.decision.policies == ("record.second-factor-fresh",)


def test_nobody_uses_the_keys_of_somebody_else(office: Office) -> None:
    request = office.ask(office.seal())
    with pytest.raises(InputError, match="no-share"):
        requests.approve_opening(
            actor=fresh(office.supervisor), request=request, unlocked=unlocked(office.colleague)
        )


def test_requests_run_out(office: Office) -> None:
    start = clock.now()
    record = office.seal()
    with clock.set_to(start):
        request = office.ask(record)
    with clock.set_to(start + requests.ANSWERED_WITHIN), pytest.raises(DeniedError):
        approve(office.supervisor, request)
    with clock.set_to(start):
        approve(office.supervisor, request)
    with clock.set_to(start + requests.OPENED_WITHIN):
        with pytest.raises(DeniedError):
            open_it(office.worker, request)
        assert again(request).approval is not None
        assert requests.forget_run_out() == 1
        assert again(request).approval is None


def test_declining_and_withdrawing_end_it(office: Office) -> None:
    record = office.seal()
    request = office.ask(record)
    with pytest.raises(InputError, match="own-request"):
        requests.decline_opening(actor=office.worker, request=request)
    requests.decline_opening(actor=office.supervisor, request=request)
    assert again(request).state == State.DECLINED
    with pytest.raises(DeniedError):
        approve(office.colleague, request)

    request = office.ask(record)
    approve(office.supervisor, request)
    requests.withdraw_opening(actor=office.supervisor, request=again(request))
    assert again(request).approval is None
    with pytest.raises(DeniedError):
        open_it(office.worker, request)
    with pytest.raises(InputError, match="request-changed"):
        requests.withdraw_opening(actor=office.worker, request=again(request))


def test_who_is_shut_out_later_opens_nothing(office: Office) -> None:
    request = office.ask(office.seal())
    approve(office.supervisor, request)
    office.excluded = frozenset({office.worker.id})
    with pytest.raises(DeniedError):
        open_it(office.worker, request)


def test_a_reason_has_to_be_given_and_is_sealed(office: Office) -> None:
    record = office.seal()
    with pytest.raises(InputError, match="reason-length"):
        office.ask(record, reason="  because  ")
    request = office.ask(record)
    assert WHY.encode() not in bytes(request.reason)
    with pytest.raises(InputError, match="no-share"):
        requests.reason_of(request, unlocked(office.outsider))


def test_the_log_tells_who_and_why_and_no_words(office: Office) -> None:
    request = office.ask(office.seal())
    approve(office.supervisor, request)
    open_it(office.worker, request)
    told = Entry.objects.filter(object_kind="SealedRecord").order_by("place")
    assert [(entry.action, entry.actor_id) for entry in told] == [
        ("sealed.seal", office.worker.id),
        ("sealed.ask", office.worker.id),
        ("sealed.approve", office.supervisor.id),
        ("sealed.open", office.worker.id),
    ]
    assert all(entry.outcome == "done" for entry in told)
    assert "person_asked" in told[3].detail
    assert "sister" not in "".join(entry.detail for entry in told)


def test_what_is_not_in_the_log_is_not_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marfa.safeguards import actions

    request = office.ask(office.seal())
    approve(office.supervisor, request)

    def fail(events: object) -> None:
        raise RuntimeError("the log cannot be written")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "append_events", fail)
        with pytest.raises(RuntimeError):
            open_it(office.worker, request)
    assert again(request).state == State.APPROVED
    assert open_it(office.worker, request) == CONTENT


def test_a_record_or_share_that_was_moved_does_not_open(office: Office) -> None:
    first, second = office.seal(), office.seal(b"somebody else's")
    request = office.ask(first)
    approve(office.supervisor, request)
    SealedRecord.objects.filter(pk=first.pk).update(content=second.content)
    with pytest.raises(InputError, match="does-not-open"):
        open_it(office.worker, request)
    mine = Share.objects.get(record=first, staff=office.worker.id)
    theirs = Share.objects.get(record=second, staff=office.worker.id)
    Share.objects.filter(pk=mine.pk).update(box=theirs.box)
    with pytest.raises(InputError, match="no-share"):
        open_it(office.worker, request)


def test_other_people_hold_it_after_two_said_so(office: Office) -> None:
    record = office.seal()
    waiting = ask(office.colleague, record)
    new = {office.worker.id, office.supervisor.id, office.outsider.id}
    request = office.ask(record, new_holders=new)
    approve(office.supervisor, request)
    with pytest.raises(InputError, match="request-changed"):
        open_it(office.worker, request)
    old = {share.staff: bytes(share.box) for share in record.shares.all()}
    requests.rekey_record(
        actor=fresh(office.worker), request=again(request), unlocked=unlocked(office.worker)
    )
    changed = SealedRecord.objects.get(pk=record.pk)
    assert set(queries.holders_of(changed)) == new
    assert again(waiting).state == State.WITHDRAWN
    # Who was taken out and kept a copy of everything has a share of a key that seals nothing.
    Share.objects.create(
        record=changed, staff=office.colleague.id, place=99, box=old[office.colleague.id]
    )
    with pytest.raises(InputError, match="no-share"):
        own_point(changed, unlocked(office.colleague))
    request = office.ask(changed)
    approve(office.supervisor, request)
    assert open_it(office.worker, request) == CONTENT


def test_a_request_to_read_does_not_change_the_holders(office: Office) -> None:
    request = office.ask(office.seal())
    approve(office.supervisor, request)
    with pytest.raises(InputError, match="request-changed"):
        requests.rekey_record(
            actor=fresh(office.worker), request=again(request), unlocked=unlocked(office.worker)
        )


def test_a_forgotten_passphrase_loses_one_share_and_two_others_name_the_person_again(
    office: Office,
) -> None:
    record = office.seal()
    lost = keyholders.start_anew(
        actor=office.worker, account=account(office.worker), passphrase=words_of(office.worker)
    )
    assert lost == 1
    with pytest.raises(DeniedError):
        office.ask(record)
    everyone = {actor.id for actor in office.holders}
    request = ask(office.colleague, record, new_holders=everyone)
    approve(office.supervisor, request)
    requests.rekey_record(
        actor=fresh(office.colleague),
        request=again(request),
        unlocked=unlocked(office.colleague),
    )
    request = office.ask(SealedRecord.objects.get(pk=record.pk))
    approve(office.colleague, request)
    assert open_it(office.worker, request) == CONTENT


def test_keys_that_are_new_are_not_those_that_somebody_agreed_to(office: Office) -> None:
    """Whoever comes in as somebody else and begins anew is not named by a request from before."""
    new = {office.worker.id, office.supervisor.id, office.outsider.id}
    request = office.ask(office.seal(), new_holders=new)
    approve(office.supervisor, request)
    keyholders.start_anew(
        actor=office.outsider,
        account=account(office.outsider),
        passphrase=words_of(office.outsider),
    )
    assert again(request).state == State.WITHDRAWN
    with pytest.raises((DeniedError, InputError)):
        requests.rekey_record(
            actor=fresh(office.worker), request=again(request), unlocked=unlocked(office.worker)
        )


def test_holders_are_two_at_least_and_have_keys(office: Office) -> None:
    with pytest.raises(InputError, match="holders-number"):
        office.seal(holders=(office.worker,))
    with pytest.raises(InputError, match="holders-without-keys"):
        office.seal(holders=(office.worker, office.job))


def test_the_database_itself_refuses_one_person_for_two(office: Office) -> None:
    request = office.ask(office.seal())
    rows = OpeningRequest.objects.filter(pk=request.pk)
    now = clock.now()
    for wrong in (
        {"state": "approved", "answered_by": office.worker.id, "answered_at": now},
        {"state": "opened"},
        {"state": "approved"},
        {"approval": b"x"},
        {"expires_at": request.asked_at},
        {"state": "whatever"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_nothing_that_is_stored_shows_the_content(office: Office) -> None:
    request = office.ask(office.seal(content=b"CANARY-NAME"))
    approve(office.supervisor, request)
    assert open_it(office.worker, request) == b"CANARY-NAME"
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of tables
            for row in cursor.fetchall():
                assert b"CANARY" not in b"".join(
                    bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in row
                )


def test_lists_show_what_waits_for_whom(office: Office) -> None:
    record = office.seal()
    request = office.ask(record)
    assert list(queries.to_answer(office.supervisor.id)) == [request]
    assert list(queries.to_answer(office.worker.id)) == []
    assert list(queries.asked_by(office.worker.id)) == [request]
    assert list(queries.held_by(office.outsider.id)) == []
    assert list(queries.held_by(office.colleague.id)) == [record]
    assert list(queries.requests_concerning(office.outsider.id)) == []
