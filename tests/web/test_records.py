"""The page of a record: its summary, the index of its sections, and what is folded."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import SafeString

from marfa.apps.record_page import SummaryFact, folded, section_of

PAGE = """{% record facts %}<p>first</p>
{% for each in parts %}{% section each.name each.label none=each.none %}{{ each.content }}{% endsection %}{% endfor %}
{% section "papers" "Papers" of=papers none="None were shown." %}<p>add one</p>{% endsection %}
{% endrecord %}"""  # noqa: E501


def draw(text: str = PAGE, **context: object) -> str:
    return Template(text).render(Context(context))


def test_facts_stand_as_marks_and_long_ones_beside_them() -> None:
    facts = [SummaryFact("Age", "Child", "due"), SummaryFact("Wish", "<b>a lock</b>", long=True)]
    page = draw(facts=facts)
    summary, rest = page.split("</section>", 1)
    assert re.search(r'Age: </span><bdi class="tag tag-due" dir="auto">Child</bdi>', summary)
    assert "a lock" not in summary
    assert "<dt>Wish</dt>" in rest
    assert "&lt;b&gt;a lock" in rest


def test_without_facts_there_is_no_summary() -> None:
    assert "<section" not in draw(facts=[])
    assert "first" in draw(facts=[])


def test_each_section_is_in_the_index_with_how_much_it_holds() -> None:
    parts = [section_of("cases", "Cases", SafeString("<p>one</p>"))]
    page = draw(facts=[], parts=parts, papers=["a", "b"])
    index = page.partition("<nav")[2].partition("</nav>")[0]
    assert re.findall(r'href="#(\w+)"', index) == ["cases", "papers"]
    assert re.findall(r"Papers.*?(\d+)", index) == ["2"]
    for name in ("cases", "papers"):
        assert f'<details class="record-section" id="{name}" open' in page
    assert "<p>one</p>" in page
    assert "None were shown." not in page


def test_what_holds_nothing_is_one_line_that_still_opens() -> None:
    empty = section_of("talks", "Talks", folded(SafeString("<p>begin</p>"), "None yet."))
    page = draw(facts=[], parts=[empty], papers=[])
    for name, line, inside in (
        ("talks", "None yet.", "begin"),
        ("papers", "None were shown.", "add one"),
    ):
        section = page.partition(f'id="{name}"')[2].partition("</details>")[0]
        head, _, content = section.partition("</summary>")
        assert " open" not in head.split(">")[0]
        assert line in head
        assert inside in content


@pytest.mark.parametrize(
    "text", ["{% record %}{% endrecord %}", "{% section 'a' %}{% endsection %}"]
)
def test_a_tag_without_what_it_needs_is_refused(text: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        draw(text)


def test_what_a_page_is_opened_for_is_kept_open() -> None:
    text = '{% section "told" "What happened" keep=True %}it{% endsection %}'
    assert "data-keep" in draw(text)
    assert "data-keep" not in draw(text.replace(" keep=True", ""))
