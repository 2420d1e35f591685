"""With real people nothing is asked with drafts, or what nobody signed for; the page says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from marfa.apps.manifest import Desk
from marfa.apps.screening import instruments
from marfa.apps.screening.actions import review_site_words, write_site_words
from marfa.apps.screening.models import Screening
from marfa.methods.screening import Instrument, Library, Wording
from marfa.methods.screening.text_packs import Status
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor, ActorKind
from tests.apps.screening.test_interview import Office
from tests.apps.screening.test_views import HOLD, at, sit_down
from tests.conftest import Operation, signed_in

LABOUR = "ilo-delphi-labour-adult"


@pytest.fixture
def desk(operation: Operation, settings: Any) -> Iterator[Office]:
    with every_organisation():
        made = Office(operation)
        settings.DEMONSTRATION = False
        yield made


def say_duties(desk: Office, operation: Operation) -> None:
    """One says what has to be reported at the site, and another reviews it."""
    console = Actor(operation.outsider.pk, ActorKind.COMMAND)
    words = write_site_words(
        actor=console, site=desk.site, kind="duties", language="ar", text="A child in danger."
    )
    review_site_words(actor=replace(console, id=operation.officer.pk), words=words)


def begin(operation: Operation, row: Screening, instrument: str) -> tuple[int, str]:
    """The supervisor begins, who has the lists of protection too."""
    told = {**HOLD, "do": "begin", "instrument": instrument}
    answer = signed_in(operation.supervisor).post(at("conditions", row), told)
    row.refresh_from_db()
    return answer.status_code, answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_draft_texts_are_refused_and_the_page_says_why(desk: Office, operation: Operation) -> None:
    row = sit_down(operation.at(Desk.RECEPTION), desk.person)
    say_duties(desk, operation)
    status, page = begin(operation, row, LABOUR)
    assert status == 422
    assert "draft" in page.split("error-summary")[1].split("</div>")[0]
    assert row.state == Screening.State.PREPARING
    assert row.asked_at is None


@pytest.mark.django_db(transaction=True)
def test_what_is_not_validated_is_refused_until_somebody_signs(
    desk: Office, operation: Operation
) -> None:
    row = sit_down(operation.at(Desk.RECEPTION), desk.person)
    say_duties(desk, operation)
    status, page = begin(operation, row, "registration-risk")
    assert status == 422
    assert "sign" in page.split("error-summary")[1].split("</div>")[0]
    assert row.state == Screening.State.PREPARING


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_where_nobody_said_what_must_be_reported(
    desk: Office, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With words that are reviewed all hangs on the duties of the site; then it goes on, and the
    talk is no trial."""
    wording = Library.wording

    def reviewed(self: Library, instrument: Instrument, language: str) -> Wording:
        found = wording(self, instrument, language)
        texts = {
            key: replace(text, status=Status.REVIEWED, by="R", on=date(2026, 1, 2))
            for key, text in found.texts.items()
        }
        return replace(found, texts=texts)

    monkeypatch.setattr(Library, "wording", reviewed)
    row = sit_down(operation.at(Desk.RECEPTION), desk.person)
    status, page = begin(operation, row, LABOUR)
    assert (status, row.state) == (422, Screening.State.PREPARING)
    assert "No one has entered what has to be reported here" in page
    say_duties(desk, operation)
    status, page = begin(operation, row, LABOUR)
    assert (status, row.state) == (302, Screening.State.ASKING), page
    assert not row.pilot
    assert instruments.panel_refusal(instruments.instrument_panel(LABOUR), "ar") is None
