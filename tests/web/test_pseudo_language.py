"""No page says anything that a translator cannot reach."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel import Locale
from django.conf import settings
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import translation

from marfa.apps.manifest import Desk
from marfa.apps.screening.instruments import shipped_lists
from marfa.apps.studies.views.common import list_title
from marfa.domain.codelists import codelist, list_names
from marfa.domain.countries import country_choices
from marfa.domain.languages import language_choices
from tests.conftest import Operation
from tests.support.pseudo import pseudo_language, unmarked
from tests.web.matrix import ARGUMENTS, MATRIX
from tests.web.matrix.rules import ASKED
from tests.web.test_pages import PAGES, reader_of

# Names of organisations, sites and people of the demonstration, of products and of formats.
DATA = re.compile(
    r"(Operation Calm Water|Lantern House|Gate of Tamarisk|Harbour of Lights)( · [؀-ۿ ]+)?"
    r"|Chrome|Linux|CSV|XLSX|HSDS 3|\w+ · [؀-ۿ ]+|Amal|Fri|Mon|Tue|Wed|Thu|Sat|Sun\w*"
    r"|January|February|March|April|May|June"
    r"|July|August|September|October|November|December|\b[ap]m\b|\b(Mar|Nov|Dec|UTC)\b"
)

# Labels of code lists and titles of lists of questions are translated in their own files; a
# language is called what its speakers call it.
LABELS = {
    label
    for name in list_names()
    for entry in codelist(name).entries
    for label in entry.labels.values()
} | {name for _code, name in settings.LANGUAGES}
LABELS |= {name for _code, name in language_choices("en")}
LABELS |= {name for _code, name in country_choices("en")}
LABELS |= {str(Locale.parse(code).display_name) for code in ("ar", "en", "es", "fr", "ru", "zh")}


@pytest.fixture
def operation(operation_of_module: Operation, db: None) -> Operation:
    """One for all of this module: its tests look at pages."""
    return operation_of_module


@cache
def labels() -> set[str]:
    """Those of above, and the titles of the lists, which may have been changed."""
    with translation.override("en"):
        return LABELS | {list_title(each.name) for each in shipped_lists()}


def page_of(operation: Operation, name: str) -> str:
    rule = MATRIX[name]
    client = operation.at(rule if isinstance(rule, Desk) else Desk.ADMINISTRATION)
    if rule == ASKED:
        client = reader_of(operation, name)
    if name in ("accounts:sign_in", "accounts:link"):
        client = Client()
    with translation.override("en"), pseudo_language():
        response = client.get(reverse(name, args=ARGUMENTS.get(name, [])))
    return response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_no_text_is_written_into_the_page(operation: Operation, name: str) -> None:
    texts = (text for text in unmarked(page_of(operation, name)) if text not in labels())
    found = [DATA.sub("", text) for text in texts]
    assert [text for text in found if re.search(r"[^\W\d_]{2,}", text)] == []


def test_a_planted_text_is_found() -> None:
    text = (
        "<body>{% load i18n %}<h1>{% translate 'Search' %}</h1><p title='Hidden'>Planted</p></body>"
    )
    with translation.override("en"), pseudo_language():
        page = engines["django"].from_string(text).render({})
    assert unmarked(page) == ["Hidden", "Planted"]
