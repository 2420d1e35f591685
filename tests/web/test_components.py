"""The components: what they put into the page, and that what people typed stays text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from marfa.domain.message import InputError, Message
from marfa.web.charts import build_bars


def draw(text: str, **context: object) -> str:
    with translation.override(str(context.pop("language", "en"))):
        return Template(text).render(Context(context))


class Talk(forms.Form):
    word = forms.CharField(label="Word", help_text="One only.", max_length=20)
    place = forms.ChoiceField(
        label="Place", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")]
    )


def test_a_field_is_tied_to_its_words() -> None:
    page = draw("{% field form.word %}", form=Talk({}))
    assert 'for="f-word"' in page
    assert 'id="f-word"' in page
    assert 'aria-describedby="f-word-hint f-word-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'maxlength="20"' in page
    for id in ("f-word-hint", "f-word-error"):
        assert f'id="{id}"' in page


def test_the_summary_leads_to_the_fields() -> None:
    page = draw(
        "{% error_summary form %}{% field form.word %}{% field form.place %}", form=Talk({})
    )
    targets = re.findall(r'href="#([^"]+)"', page)
    assert targets == ["f-word", "f-place"]
    assert all(f'id="{target}"' in page for target in targets)
    assert draw("{% error_summary form %}", form=Talk({"word": "x", "place": "a"})).strip() == ""


def test_the_summary_says_what_a_library_refused() -> None:
    error = InputError.at(Message("apps.accounts:username-taken"), field="username")
    page = draw("{% error_summary error %}", error=error)
    assert 'href="#f-username"' in page
    assert "Another user already has this name." in page


def test_a_choice_is_kept() -> None:
    page = draw("{% field form.place %}", form=Talk({"place": "b"}))
    assert re.findall(r'value="(\w)"( checked)?', page) == [("a", ""), ("b", " checked")]
    page = draw(
        '{% field "x" kind="checkboxes" label="X" choices=c value=v %}',
        c=[(1, "One"), (2, "Two")],
        v=[2],
    )
    assert re.findall(r'value="(\d)"( checked)?', page) == [("1", ""), ("2", " checked")]


@pytest.mark.parametrize("kind", ["text", "textarea", "search", "number", "email"])
def test_what_was_typed_stays_text(kind: str) -> None:
    page = draw(
        '{% field "x" kind=kind label=bad value=bad hint=bad error=bad %}',
        kind=kind,
        bad='"><script>alert(1)</script>',
    )
    assert "<script>" not in page


def test_a_password_is_never_sent_back() -> None:
    page = draw('{% field "x" kind="password" label="P" value="hunter2" %}')
    assert "hunter2" not in page


def test_a_date_has_three_parts() -> None:
    page = draw('{% field "born" kind="date" label="Born" value=v %}', v={"year": "2009"})
    names = re.findall(r'name="born-(\w+)" value="(\d*)"', page)
    assert names == [("day", ""), ("month", ""), ("year", "2009")]


def test_cells_carry_their_headings() -> None:
    page = draw(
        '{% table "T" "Name" "Count" %}{% for n in names %}{% row %}{% cell "head" %}{{ n }}'
        '{% endcell %}{% cell "number" %}1{% endcell %}{% endrow %}{% endfor %}{% endtable %}',
        names=["<b>", "y"],
    )
    assert re.findall(r'data-label="(\w+)"', page) == ["Name", "Count"] * 2
    assert "<b>" not in page
    assert page.count('scope="row"') == 2


@pytest.mark.parametrize("wrong", ["{% table %}{% endtable %}", '{% cell "wide" %}{% endcell %}'])
def test_a_wrong_call_is_refused(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(wrong)


def test_a_page_of_one_has_no_pagination() -> None:
    assert draw("{% pagination p %}", p=Paginator([1], 5).get_page(1)).strip() == ""
    page = draw("{% pagination p %}", p=Paginator(range(100), 5).get_page(2))
    assert re.findall(r'aria-current="page"[^>]*href="\?page=(\d+)"', page) == ["2"]


def test_bars_begin_at_zero_and_end_at_a_round_number() -> None:
    made = build_bars([("a", 40), ("b", 10, 5, 15)])
    assert [bar.length for bar in made] == [800, 200]
    assert (made[1].low_at, made[1].high_at) == (100, 300)
    assert build_bars([("none", 0)])[0].length == 0
    with pytest.raises(ValueError, match="negative"):
        build_bars([("a", -1)])


def test_a_chart_has_its_figures_beside_it() -> None:
    page = draw("{% bar_chart 'T' rows %}", rows=[("Girls", 21, 13, 30)])
    assert re.findall(r"<div>(\d+)</div>", page) == ["21", "13", "30"]
    assert 'aria-hidden="true"' in page


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "1,234,567.5 25.6% 8 March 2026"), ("ar", "1,234,567.5 25.6%\u200e 8 مارس 2026")],
)
def test_numbers_and_days(language: str, text: str) -> None:
    """Unicode CLDR: en-001 and ar without a region."""
    when = datetime(2026, 3, 8, 6, 40, tzinfo=UTC)
    page = draw(
        "{{ n|number }} {{ s|percent:1 }} {{ w|day }}",
        language=language,
        n=1234567.5,
        s=0.256,
        w=when,
    )
    for mark in "\u200e\u200f":
        page, text = page.replace(mark, ""), text.replace(mark, "")
    assert page == text


def test_lists_and_durations() -> None:
    assert draw("{{ v|listed }}", v=["a", "b", "c"]) == "a, b and c"
    assert draw("{{ v|duration }}", v=timedelta(days=3)) == "3 days"
    assert draw("{{ v|duration }}", v=timedelta(days=3), language="ar") == "3 أيام"


class Wishes(forms.Form):
    name = forms.CharField(label="What is it called?")
    place = forms.ChoiceField(label="Place:", choices=[("a", "A")])
    kinds = forms.MultipleChoiceField(
        label="Kinds", widget=forms.CheckboxSelectMultiple, choices=[("a", "A")]
    )
    agreed = forms.BooleanField(label="They agreed.")
    picture = forms.FileField(label="Picture")
    own = forms.CharField(label="Own", error_messages={"required": "Say it yourself."})
    number = forms.IntegerField(label="How many?")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_missing_is_called_by_its_name(language: str) -> None:
    form = Wishes({"number": "many"})
    form.is_valid()
    said = draw("{% error_summary form %}", form=form, language=language)
    for label in ("What is it called?", "Place", "Kinds", "They agreed", "Picture"):
        marks = ("“", "”") if language == "en" else ("«", "»")
        assert f"{marks[0]}{label}{marks[1]}" in said
        name = next(n for n, f in form.fields.items() if str(f.label).startswith(label))
        assert label in draw("{% field form." + name + " %}", form=form, language=language)
    assert "Own: Say it yourself." in said
    assert "How many: " in said
    assert "This field is required" not in said
    assert "مطلوب" not in said
    assert said.count("<li>") == len(form.fields)


def test_a_moment_has_the_control_of_the_browser() -> None:
    class Talk(forms.Form):
        at = forms.DateTimeField(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )

    page = draw("{% field form.at %}", form=Talk({"at": "2026-01-05T08:30"}))
    assert re.findall(r'type="([\w-]+)"', page) == ["datetime-local"]
    assert 'value="2026-01-05T08:30"' in page
