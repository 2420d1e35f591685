"""Putting canaries in, through the ways that data of people take.

python -m tests.canary.canary_data     plants in the installation that MARFA_DATA names
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.management import call_command
from django.db import transaction
from django.test import Client

from marfa.domain.ids import new_id
from marfa.platform.rowsecurity.ownership import INSTALLATION
from tests.support.canary import BORN, CANARIES, NAMES, PHONE, STORY, Finding, scan_text
from tests.support.installation import marfa

if TYPE_CHECKING:
    from marfa.apps.accounts.models import User
    from marfa.apps.registry.models import Person

WRONG_FORM = 422
LONG = STORY * 400
"""So long that the database spreads it over several pages."""


def plant(user: User) -> UUID:
    """Records, their history, drafts, files, jobs and deliveries, with canaries in all that may
    hold them; the key of the person. Fails where something was not really stored."""
    from marfa.apps.form_pages.late_forms import LateSubmission, keep_late, late_form
    from marfa.platform import clock
    from marfa.platform.files.queries import name_of, open_file
    from marfa.platform.jobs.models import Job
    from marfa.platform.outbox.models import Parcel
    from marfa.platform.revisions.actions import create_row, save_changes
    from marfa.platform.revisions.drafts import open_draft, save_draft
    from marfa.safeguards.vault.access import open_vault
    from marfa.safeguards.vault.fields import sealed_value
    from marfa.safeguards.vault.records import protect_record
    from tests.platform.files.uploads import send
    from tests.support.sample.models import VaultedIncident, VaultedPerson, VaultedVisit

    person = VaultedPerson(
        code="K-1",
        name=NAMES["latin"],
        nickname=NAMES["chinese"],
        born_on=date.fromisoformat(BORN),
        contacts={"telephone": PHONE, "kin": [NAMES["cyrillic"]]},
    )
    with transaction.atomic():
        create_row(person, actor=user.pk, purpose="test", action="plant")
    with transaction.atomic():
        changed = sealed_value(person, "name", NAMES["arabic"])
        save_changes(
            person,
            base_version=1,
            changes={"name": changed},
            actor=user.pk,
            purpose="test",
            action="plant",
        )
    VaultedVisit.objects.create(person=person, note=LONG)
    incident = VaultedIncident(id=new_id())
    with transaction.atomic():
        protect_record(record=incident.pk, subjects=[person.pk])
        incident.narrative = LONG
        incident.save(force_insert=True)
    save_draft(
        user=user.pk,
        form="visit",
        subject=person.pk,
        content={**CANARIES, "all": LONG},
        owner=INSTALLATION,
    )
    secret = keep_late(
        user=user.pk, sent=LateSubmission("/", "/", {"name": [*CANARIES.values(), LONG]})
    )
    # As a sender's own program names them, also in the other normal form.
    everything = "\n".join([*CANARIES.values(), LONG])
    file = send(user, everything.encode(), name=f"{NAMES['cyrillic']}.txt")
    ids = {"rows": [str(person.pk), str(file.pk)]}
    now = clock.now()
    Job.objects.create(name="test.look", arguments=ids, run_at=now, created_at=now)
    Parcel.objects.create(
        destination="mail",
        lane=person.pk,
        kind="test.tell",
        arguments=ids,
        created_at=now,
        run_at=now,
    )
    with open_vault():
        stored = VaultedPerson.objects.get(pk=person.pk)
        assert (stored.name, stored.contacts["telephone"]) == (NAMES["arabic"], PHONE)
    draft = open_draft(user=user.pk, form="visit", subject=person.pk)
    assert draft is not None
    assert draft.content["all"] == LONG
    late = late_form(user=user.pk, secret=secret)
    assert late is not None
    assert late.fields["name"][-1] == LONG
    assert NAMES["cyrillic"] in name_of(file)
    assert b"".join(open_file(file).chunks()).decode() == everything
    plant_people(person.pk, user)
    return person.pk


def plant_people(subject: UUID, user: User) -> None:
    """A registered person with a row in every table of the app, a canary in every sealed field,
    digests of their document and telephone, a protection with its reason, and a photograph."""
    from marfa.apps.name_search.digests import set_digests
    from marfa.apps.organisations.actions import open_site
    from marfa.apps.organisations.models import Organisation, Site
    from marfa.apps.registry.models import Person, Protection
    from marfa.platform.rowsecurity.context import row_context
    from marfa.safeguards.vault.access import open_vault
    from tests.apps.registry.full_record import everything_about

    controller = Organisation.objects.get(kind=Organisation.Kind.CONTROLLER)
    site = Site.objects.filter(organisation=controller).order_by("created_at", "pk").first()
    site = site or open_site(organisation=controller, name="Lamp", time_zone="Asia/Damascus")
    with row_context([controller.pk]), transaction.atomic():
        with open_vault():
            everything_about(site, key=subject)
        numbers = {"document": [NAMES["latin"]], "phone": [PHONE]}
        set_digests(subject=subject, organisation=controller.pk, values=numbers)
        with open_vault():
            held = Person.objects.get(pk=subject)
            kept = [getattr(held, name) for name in ("birth_place", "religion", "interpreter")]
            assert set(kept) <= set(CANARIES.values())
            assert Protection.objects.get(person=subject).reason in CANARIES.values()
        plant_photograph(held, user)


def plant_photograph(person: Person, user: User) -> None:
    """A picture that carries canaries, drawn anew without them; and, stored in the same way, bytes
    that are canaries, since nobody would know pixels again."""
    from marfa.platform.files.drawings import draw_picture, keep_drawn
    from marfa.platform.files.pictures import Preview
    from marfa.platform.files.queries import open_file
    from marfa.platform.rowsecurity.ownership import owner_of
    from tests.platform.files.samples import picture

    drawn = draw_picture(picture(size=(900, 900), comment=STORY.encode()), edge=800)
    assert STORY.encode() not in drawn.data
    keep_drawn(uploader_id=user.pk, picture=drawn, owner=owner_of(person))
    told = Preview(LONG.encode(), 8, 8, isolated=drawn.isolated)
    file = keep_drawn(uploader_id=user.pk, picture=told, owner=owner_of(person))
    type(person).objects.filter(pk=person.pk).update(photo=file)
    assert b"".join(open_file(file).chunks()) == told.data


def ask_around(client: Client) -> list[Finding]:
    """Canaries where people type, in good forms and in wrong ones; what then stands in titles,
    headers and pages of errors."""
    found: list[Finding] = []
    name, phone = NAMES["arabic"], PHONE
    for path, data in (
        ("/search/", {"q": name}),
        (f"/files/{'0' * 20}/", {"name": name}),
        (f"/{NAMES['latin']}/", {}),
        ("/administration/", {"person": phone}),
    ):
        answer = client.get(path, data)
        found += _outside(answer)
    for path in ("/search/", "/files/uploads/", "/language/", f"/{NAMES['chinese']}/"):
        answer = client.post(path, {"name": name, "story": STORY, "language": phone})
        found += _outside(answer)
    for text in (name, phone, NAMES["latin"], STORY):
        found += _outside(client.post("/find/", {"text": text}))
    found += _registering(client)
    strict = Client(enforce_csrf_checks=True)
    found += _outside(strict.post("/sign-in/", {"username": name, "password": STORY}))
    with contextlib.suppress(ValueError):
        found += _outside(client.get("/", headers={"host": "quaxtormoor.example"}))
    return found


def _registering(client: Client) -> list[Finding]:
    """Canaries in the forms of registration, good and wrong, kept as a draft and sent."""
    from marfa.apps.accounts.models import User

    user = User.objects.get(pk=client.session["_auth_user_id"])
    found: list[Finding] = []
    one = {"name": NAMES["arabic"], "other_name": NAMES["latin"], "person": user.reference}
    many = {"name-0": NAMES["cyrillic"], "name-1": NAMES["chinese"], "person": user.reference}
    for form, told in (("person", one), ("household", many)):
        path = f"/desks/reception/register/{form}/"
        for born in (STORY, "34"):
            for act in ("draft", "save"):
                sent = {**told, "do": act, "born": born, "born-0": born}
                answer = client.post(path, sent, follow=True)
                found += _outside(answer)
                found += scan_text("an address", *(there for there, _ in answer.redirect_chain))
    return found


def _outside(answer: Any) -> list[Finding]:
    """What a shoulder, a proxy or a history of a browser sees: headers and title, of errors all."""
    body = b"".join(answer) if answer.streaming else answer.content
    text = body.decode(errors="replace")
    title = text.partition("<title>")[2].partition("</title>")[0]
    # The form that changes the language leads back to the address that was typed.
    text = re.sub(r'name="next" value="[^"]*"', "", text)
    # A form that was filled in wrongly comes back with what was typed in its fields.
    shown = text if answer.status_code >= 400 and answer.status_code != WRONG_FORM else title
    return scan_text(f"an answer ({answer.status_code})", title, str(answer.headers), shown)


def main(backups: Path) -> None:
    """Plant in an installation, ask around, and erase one of two people after a backup; prints
    the keys of who stays and of who goes."""
    import django

    django.setup()
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    from marfa.apps.accounts.models import User
    from tests.conftest import signed_in

    user = User.objects.get(username="amal")
    stays, goes = plant(user), plant(user)
    made = marfa("backup", str(backups), "--data", os.environ["MARFA_DATA"], MARFA_TRACEBACK="1")
    assert made.returncode == 0, made.stderr
    erase(goes)
    found = ask_around(signed_in(user, headers={"host": "localhost"}))
    assert found == [], found
    sys.stdout.write(f"{stays.hex} {goes.hex}")


def erase(person: UUID) -> None:
    """What is left of them in unused pages is searched too."""
    from marfa.safeguards.actor import Actor, ActorKind
    from tests.support.by_two import erase_by_two

    assert erase_by_two(actor=Actor(id=new_id(), kind=ActorKind.COMMAND), subject=person)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
