"""Every kind of question that is supported, asked on plain pages and judged afterwards."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.forms.actions.versions import add_form, examine_xlsform, publish_version
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import FormVersion, Submission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.methods.xforms import recheck
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.conftest import Operation
from tests.support.second_person import second_person

pytestmark = pytest.mark.django_db
FORM = """| survey | | | | | | | | | |
| | type | name | label::English (en) | label::العربية (ar) | choice_filter | appearance | parameters | calculation | marfa::tier |
| | start | start | | | | | | | |
| | end | end | | | | | | | |
| | begin_group | g | Group | مجموعة | | field-list | | | |
| | text | words | Words | كلمات | | multiline | | | coded |
| | decimal | weight | Weight | الوزن | | | | | coded |
| | date | on_day | Day | اليوم | | | | | coded |
| | time | at_time | Time | الوقت | | | | | coded |
| | dateTime | moment | Moment | اللحظة | | | | | coded |
| | select_one area | area | Area | المنطقة | | minimal | | | coded |
| | select_multiple area | areas | Areas | المناطق | | | | | coded |
| | rank area | order | Order | الترتيب | | | | | coded |
| | range | scale | Scale | مقياس | | | start=1 end=5 step=1 | | coded |
| | acknowledge | seen | Seen | اطلعت | | | | | coded |
| | geopoint | where_at | Where | أين | | | | | coded |
| | end_group | | | | | | | | |
| | select_one town | town | Town | البلدة | area=${area} | | | | coded |
| | begin_repeat | visit | Visit | زيارة | | | | | |
| | integer | days | Days | أيام | | | | | coded |
| | end_repeat | | | | | | | | |
| | calculate | total | | | | | | sum(${days}) | |
| | note | told | Days: ${total} | الأيام: ${total} | | | | | |
| choices | | | | | |
| | list_name | name | label::English (en) | label::العربية (ar) | area |
| | area | north | North | الشمال | |
| | area | south | South | الجنوب | |
| | town | inland | Inland | الداخل | north |
| | town | coast | Coast | الساحل | south |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | Everything | everything | 1 | English (en) |
"""  # noqa: E501


@pytest.fixture
def version(operation: Operation) -> FormVersion:
    actor = actor_of(operation.supervisor)
    with every_organisation():
        examined = examine_xlsform(FORM.encode(), "everything.md", Purpose.REGISTRATION)
        made = add_form(actor=actor, organisation=operation.controller, examined=examined)
        publish_version(actor=second_person(operation), version=made)
    return made


def fields(client: Client, address: str) -> dict[str, str]:
    """Labels of a page with the names of their inputs, as a person finds them."""
    page = client.get(address).content.decode()
    inputs = re.findall(r'<label class="label[^"]*" for="f-([^"]+)">([^<]+)<', page)
    groups = re.findall(
        r'<fieldset class="field[^"]*" id="f-(q\d+)"[^>]*>\s*<legend[^>]*>([^<]+)<', page
    )
    return {unescape(label): name for name, label in [*inputs, *groups]}


def test_every_kind_is_asked_and_comes_out_clean(
    operation: Operation, version: FormVersion
) -> None:
    client = operation.at(Desk.RECEPTION)
    first = client.post(reverse("filling:begin", args=[version.reference]))["Location"]
    found = fields(client, first)
    sent = {
        found["Words"]: "two\r\nlines",
        found["Weight"]: "١٢٫٥",
        f"{found['Day']}-day": "7",
        f"{found['Day']}-month": "٨",
        f"{found['Day']}-year": "2026",
        found["Time"]: "14:30",
        found["Moment"]: "2026-08-07T14:30",
        found["Area"]: "south",
        found["Areas"]: ["south", "north"],
        found["Scale"]: "4",
        "q9": "on",
        "q7-0": "south",
        "q7-1": "north",
        "q10-0": "33.5",
        "q10-1": "36.25",
    }
    second = client.post(first, sent)["Location"]
    page = client.get(second).content.decode()
    assert "Coast" in page
    assert "Inland" not in page, "the choices follow the answer of the page before"
    repeat = client.post(second, {"q0": "coast"})["Location"]
    key = first.rstrip("/").rpartition("/")[0] + "/"
    client.post(repeat, {"do": "remove-1"})
    assert repeat in client.get(key).content.decode(), "that nothing was added is told"
    for days in ("2", "3"):
        instance = client.post(repeat, {"do": "add"})["Location"]
        client.post(instance, {"q0": days})
    page = client.get(key).content.decode()
    assert "Coast" in page
    assert "South" in page
    assert client.post(key)["Location"] == reverse("filling:sent")
    with every_organisation(), open_vault():
        content = Submission.objects.get().xml.data
    text = content.decode()
    assert recheck(model_of(version), content, clock.now()) == []
    for expected in (
        "<words>two\nlines</words>",
        "<weight>12.5</weight>",
        "<on_day>2026-08-07</on_day>",
        "<at_time>14:30:00.000",
        "<moment>2026-08-07T14:30:00.000",
        "<areas>north south</areas>",
        "<order>south north</order>",
        "<scale>4</scale>",
        "<seen>OK</seen>",
        "<where_at>33.5 36.25</where_at>",
        "<visit><days>2</days></visit><visit><days>3</days></visit><total>5</total>",
    ):
        assert expected in text


def test_the_page_shows_again_what_was_answered(operation: Operation, version: FormVersion) -> None:
    client = operation.at(Desk.RECEPTION)
    first = client.post(reverse("filling:begin", args=[version.reference]))["Location"]
    found = fields(client, first)
    sent = {
        f"{found['Day']}-day": "31",
        f"{found['Day']}-month": "2",
        f"{found['Day']}-year": "2026",
        found["Areas"]: ["north"],
        found["Moment"]: "2026-08-07T14:30",
        found["Area"]: "north",
        "q9": "on",
        "q10-0": "133.5",
        "q10-1": "36.25",
    }
    answer = client.post(first, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#f-{found["Day"]}"' in page
    assert 'href="#f-q10-0"' in page
    for shown in ('value="31"', 'value="133.5"', 'value="2026-08-07T14:30"', "checked"):
        assert shown in page
    assert re.search(r'<option value="north" selected', page)
