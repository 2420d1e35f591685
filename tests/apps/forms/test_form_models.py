"""Who finds and reads what came in, and for how long: nothing is nobody's, nothing is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.forms.actions.decisions import accept_submission, recheck_submission, set_aside
from marfa.apps.forms.actions.hand_over import hand_over
from marfa.apps.forms.actions.submissions import attach_file, receive_submission
from marfa.apps.forms.entry.flow import begin_flow, open_flow, save_flow
from marfa.apps.forms.entry.hand_in import hand_in_flow
from marfa.apps.forms.entry.uploads import keep_file
from marfa.apps.forms.instances import read_told
from marfa.apps.forms.models import FormVersion, Submission
from marfa.apps.forms.submissions import supervised_submissions
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import RoleGrant, Site, Team
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewPerson, register_person
from marfa.apps.registry.models import Person
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.files.actions import (
    append_to_upload,
    discard_unused,
    settle_upload,
    start_upload,
)
from marfa.platform.files.models import StoredFile
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.context import every_organisation
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.words import Purpose
from tests.conftest import Operation, signed_in
from tests.contracts.openrosa.answers import arrival, picture

pytestmark = pytest.mark.django_db(transaction=True)


def received(user: User, version: FormVersion, content: bytes) -> Submission:
    with every_organisation():
        return receive_submission(
            actor=actor_of(user),
            version=version,
            told=read_told(content),
            content=content,
            way="pages",
        ).submission


def came(operation: Operation, version: FormVersion, content: bytes) -> Submission:
    row = received(operation.desks[Desk.RECEPTION], version, content)
    with every_organisation():
        return recheck_submission(actor=Actor(new_id(), ActorKind.JOB), submission=row)


def with_picture(row: Submission) -> StoredFile:
    """The picture that it names comes."""
    data = picture(16)
    with every_organisation():
        file = start_upload(
            uploader_id=row.submitted_by_id,  # type: ignore[arg-type]
            size=len(data),
            name="place.png",
            media_type="image/png",
            owner=owner_of(row),
        )
        append_to_upload(file=file, offset=0, source=SimpleUploadedFile("place.png", data))
        settle_upload(file=file)
        user = row.submitted_by
        assert user is not None
        attach_file(actor=actor_of(user), submission=row, name="place.png", file=file)
    return file


def body(client: Client, name: str, *parts: str) -> str:
    return client.get(reverse(name, args=parts)).content.decode()


def read_entries(row: Submission) -> int:
    return Entry.objects.filter(action="records.read", object_id=row.pk).count()


@pytest.mark.parametrize("of", ["the whole organisation", "two sites"])
def test_what_came_from_several_sites_is_of_each_of_their_supervisors(
    operation: Operation, version: FormVersion, of: str
) -> None:
    officer, supervisor = operation.desks[Desk.RECEPTION], operation.supervisor
    with every_organisation():
        here, there = Site.objects.filter(organisation=operation.controller).order_by("name")[:2]
        mine = RoleGrant.objects.get(user=officer)
        if of == "two sites":
            RoleGrant.objects.create(
                user=officer,
                role=mine.role,
                organisation=mine.organisation,
                site=there if mine.site == here else here,
                starts_at=mine.starts_at,
            )
        else:
            RoleGrant.objects.filter(pk=mine.pk).update(site=None)
        RoleGrant.objects.filter(user=supervisor).update(site=there)
    row = came(operation, version, arrival(adults="7"))
    assert row.site_id is None
    client = signed_in(supervisor)
    assert row.reference in body(client, "forms:came")
    there_it_is = reverse("forms:one", args=[row.reference])
    assert client.get(there_it_is).status_code == 200
    client.post(there_it_is, {"do": "accept", "sentence": "I counted again."})
    with every_organisation():
        assert Submission.objects.get().state == "accepted"
        for other in (operation.partner, operation.colleague, officer):
            assert not supervised_submissions(actor_of(other)).exists()


def test_who_works_in_a_team_works_at_its_site(operation: Operation, version: FormVersion) -> None:
    officer = operation.desks[Desk.RECEPTION]
    with every_organisation():
        mine = RoleGrant.objects.get(user=officer)
        assert mine.site is not None
        others = Site.objects.filter(organisation=operation.controller).exclude(pk=mine.site.pk)
        there = others[0]
        team = Team.objects.create(
            organisation=operation.controller, site=there, name="Night", created_at=clock.now()
        )
        RoleGrant.objects.filter(pk=mine.pk).update(site=None, team=team)
    assert received(officer, version, arrival()).site_id == there.pk


def test_who_works_for_an_organisation_with_one_site_works_there(
    operation: Operation, version: FormVersion
) -> None:
    officer = operation.desks[Desk.RECEPTION]
    with every_organisation():
        mine = RoleGrant.objects.get(user=officer)
        RoleGrant.objects.filter(pk=mine.pk).update(site=None)
        assert mine.site is not None
        Site.objects.exclude(pk=mine.site.pk).update(organisation=operation.guest)
    assert received(officer, version, arrival()).site_id == mine.site_id


def test_who_works_at_several_sites_says_at_which_a_form_is_filled_in(
    operation: Operation, version: FormVersion
) -> None:
    officer = operation.desks[Desk.RECEPTION]
    with every_organisation():
        RoleGrant.objects.filter(user=officer).update(site=None)
        here, there = Site.objects.filter(organisation=operation.controller).order_by("name")[:2]
        away = Site.objects.create(
            organisation=operation.guest,
            name="Elsewhere",
            time_zone="Africa/Tripoli",
            created_at=clock.now(),
        )
    client, begin_it = signed_in(officer), reverse("filling:begin", args=[version.reference])
    for posted in ({}, {"site": "no-such-site"}, {"site": away.reference}):
        asked = client.post(begin_it, posted).content.decode()
        assert here.name in asked
        assert there.name in asked
    assert not Draft.objects.exists()
    client.post(begin_it, {"site": there.reference})
    with every_organisation():
        draft = Draft.objects.get()
        flow = open_flow(officer, actor_of(officer), UUID(draft.subject))
        assert flow is not None
        flow.state.put({"/data/people": "3", "/data/children": "1"})
        row = hand_in_flow(user=officer, actor=actor_of(officer), flow=flow)
        assert row.site_id == there.pk


@pytest.mark.parametrize("decided", ["accepted", "set aside"])
def test_what_was_decided_is_found_and_read_with_its_files(
    operation: Operation, version: FormVersion, decided: str
) -> None:
    row = came(operation, version, arrival(photo="place.png"))
    file = with_picture(row)
    supervisor = actor_of(operation.supervisor)
    with every_organisation():
        decide = accept_submission if decided == "accepted" else set_aside
        decide(actor=supervisor, submission=row, sentence="Sent by two devices.")
    client, before = signed_in(operation.supervisor), read_entries(row)
    assert "?state=settled" in body(client, "forms:came")
    listed = client.get(reverse("forms:came"), {"state": "settled"}).content.decode()
    assert reverse("forms:read", args=[row.reference]) in listed
    assert read_entries(row) == before
    page = body(client, "forms:read", row.reference)
    assert "How many people came?" in page
    assert "Sent by two devices." in page
    assert read_entries(row) == before + 1, "opening stands in the log"
    there = reverse("forms:attached", args=[row.reference, file.reference])
    assert there in page
    answer: Any = client.get(there)
    assert b"".join(answer.streaming_content) == picture(16)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert read_entries(row) == before + 2
    assert client.get(reverse("forms:attached", args=[row.reference, "none"])).status_code == 404


def test_a_file_of_a_form_stays_as_long_as_the_form(
    operation: Operation, version: FormVersion
) -> None:
    row = came(operation, version, arrival(photo="place.png"))
    file = with_picture(row)
    with every_organisation(), clock.set_to(clock.now() + timedelta(days=60)):
        assert discard_unused() == 0
        assert StoredFile.objects.filter(pk=file.pk).exists()


def test_a_draft_that_goes_on_keeps_its_files(operation: Operation, version: FormVersion) -> None:
    user = operation.desks[Desk.RECEPTION]
    with every_organisation():
        flow = begin_flow(user, actor_of(user), version, "en")
        picked = SimpleUploadedFile("place.png", picture(16), content_type="image/png")
        name, file = keep_file(user.pk, flow, picked)
        flow.files[name] = str(file.pk)
        began = clock.now()
        for days in (10, 20, 30):
            with clock.set_to(began + timedelta(days=days)):
                save_flow(user, flow)
        with clock.set_to(began + timedelta(days=44)):
            assert discard_unused() == 0
        with clock.set_to(began + timedelta(days=61)):
            assert discard_unused() == 1
        assert not StoredFile.objects.exists()


def test_a_picture_is_seen_before_it_is_decided(operation: Operation, version: FormVersion) -> None:
    row = came(operation, version, arrival(photo="place.png"))
    file = with_picture(row)
    client = signed_in(operation.supervisor)
    there = reverse("forms:attached", args=[row.reference, file.reference])
    assert there in body(client, "forms:one", row.reference)
    assert client.get(there).status_code == 200


@pytest.mark.parametrize("who", ["partner", "colleague", "officer", "outsider", "reception"])
def test_others_read_nothing_of_it(operation: Operation, version: FormVersion, who: str) -> None:
    row = came(operation, version, arrival(photo="place.png"))
    file = with_picture(row)
    with every_organisation():
        accept_submission(actor=actor_of(operation.supervisor), submission=row)
    user = operation.desks[Desk.RECEPTION] if who == "reception" else getattr(operation, who)
    client = signed_in(user)
    for there in (
        reverse("forms:read", args=[row.reference]),
        reverse("forms:attached", args=[row.reference, file.reference]),
    ):
        assert client.get(there).status_code in (403, 404)


def of_a_person(operation: Operation, version: FormVersion) -> tuple[Submission, Person]:
    row = came(operation, version, arrival())
    with every_organisation():
        accept_submission(actor=actor_of(operation.supervisor), submission=row)
        site = row.site
        assert site is not None
        person = register_person(
            actor=actor_of(operation.desks[Desk.RECEPTION]),
            purpose=Purpose.REGISTRATION,
            site=site,
            told=NewPerson(sex="female"),
        )
        hand_over(submission=row, person=person.pk)
    return row, person


def test_what_is_in_somebodys_record_is_opened_from_their_page(
    operation: Operation, version: FormVersion
) -> None:
    row, person = of_a_person(operation, version)
    client = signed_in(operation.supervisor)
    listed = client.get(reverse("forms:came"), {"state": "settled"}).content.decode()
    assert row.reference not in listed
    there = reverse("forms:read", args=[row.reference])
    page = client.get(reverse("people:person", args=[person.reference]))
    assert there in page.content.decode()
    assert "How many people came?" in client.get(there).content.decode()
    with every_organisation():
        Person.objects.filter(pk=person.pk).update(protected=True, protected_at=clock.now())
    assert client.get(there).status_code in (403, 404)
    for other in (operation.partner, operation.outsider):
        assert signed_in(other).get(there).status_code in (403, 404)


def test_what_cannot_be_checked_is_decided_all_the_same(
    operation: Operation, version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*args: object) -> str:
        raise RecursionError

    monkeypatch.setattr("marfa.methods.xforms.labels.FormLabels.words", failing)
    row = received(operation.desks[Desk.RECEPTION], version, arrival())
    client = signed_in(operation.supervisor)
    there = reverse("forms:one", args=[row.reference])
    assert client.post(there, {"do": "accept", "sentence": "Now."}).status_code == 422
    with every_organisation():
        Submission.objects.update(received_at=clock.now() - timedelta(hours=1, minutes=1))
        with pytest.raises(InputError, match="say-why"):
            accept_submission(
                actor=actor_of(operation.supervisor), submission=Submission.objects.get()
            )
    page = client.get(there).content.decode()
    assert "could not be checked" in page
    assert "children" in page
    client.post(there, {"do": "set_aside", "sentence": "Nothing can be read of it."})
    with every_organisation():
        assert Submission.objects.get().state == "set_aside"


def test_answers_stand_in_the_words_of_the_form_and_of_the_reader(
    operation: Operation, version: FormVersion
) -> None:
    row = came(operation, version, arrival(children="9", adults="-6"))
    client = signed_in(operation.supervisor)
    there = reverse("forms:one", args=[row.reference])
    english = client.get(there, headers={"accept-language": "en"}).content.decode()
    assert english.count("How many of them are children?") > 1, "as a difference and as an answer"
    client.cookies["django_language"] = "ar"
    arabic = client.get(there, headers={"accept-language": "ar"}).content.decode()
    assert arabic.count("كم منهم أطفال؟") > 1
    assert not re.search(r">\s*children\s*<", arabic)
