"""Numbers, days and lists as the region writes them; Unicode CLDR is what they are held against."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

from marfa.platform.regional import locale_here
from marfa.platform.settings import Settings, read_settings
from marfa.web.templatetags.regional import direction

SOURCE = Path(__file__).parents[2] / "src" / "marfa"


def in_region(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    monkeypatch.setattr(settings, "MARFA", settings.MARFA.model_copy(update={"region": region}))


def draw(text: str, language: str, **context: object) -> str:
    with translation.override(language):
        page = Template(text).render(Context(context))
    return re.sub("[\u200e\u200f]", "", page)


@pytest.mark.parametrize(
    ("region", "day", "number"),
    [
        ("SY", "٨ آذار ٢٠٢٦", "١٬٢٣٤٫٥"),
        ("IQ", "٨ آذار ٢٠٢٦", "١٬٢٣٤٫٥"),
        ("EG", "٨ مارس ٢٠٢٦", "١٬٢٣٤٫٥"),
        ("LY", "8 مارس 2026", "1.234,5"),
        ("", "8 مارس 2026", "1,234.5"),
    ],
)
def test_arabic_is_not_written_alike_everywhere(
    monkeypatch: pytest.MonkeyPatch, region: str, day: str, number: str
) -> None:
    in_region(monkeypatch, region)
    found = draw("{{ d|day }} {{ n|number }}", "ar", d=date(2026, 3, 8), n=1234.5)
    assert found == f"{day} {number}"


def test_hours_and_percent_follow_too(monkeypatch: pytest.MonkeyPatch) -> None:
    in_region(monkeypatch, "SY")
    at = datetime(2026, 3, 8, 6, 40, tzinfo=UTC)
    assert "٦:٤٠" in draw("{{ at|instant }}", "ar", at=at)
    # A numeral for the month could be taken for the day.
    assert "٨ آذار ٢٠٢٦" in draw("{{ at|instant }}", "ar", at=at)
    assert draw("{{ 0.256|percent:1 }}", "ar") == "٢٥٫٦٪؜"
    assert draw("{{ v|listed }}", "ar", v=["أ", "ب"]) == "أ وب"


@pytest.mark.parametrize(
    ("reader", "zone", "said"),
    [
        ("UTC", "", "8 Mar 2026, 6:40 am UTC"),
        ("Africa/Tripoli", "", "8 Mar 2026, 8:40 am"),
        ("Africa/Tripoli", "Africa/Tripoli", "8 Mar 2026, 8:40 am"),
        ("Asia/Damascus", "Africa/Tripoli", "8 Mar 2026, 8:40 am (Tripoli)"),
        ("UTC", "Africa/Tripoli", "8 Mar 2026, 8:40 am (Tripoli)"),
    ],
)
def test_a_time_on_other_clocks_names_them(
    monkeypatch: pytest.MonkeyPatch, reader: str, zone: str, said: str
) -> None:
    in_region(monkeypatch, "")
    at = datetime(2026, 3, 8, 6, 40, tzinfo=UTC)
    with timezone.override(ZoneInfo(reader)):
        found = draw("{{ at|instant_at:zone }}", "en", at=at, zone=zone)
    assert re.sub("[\u00a0\u202f]", " ", found) == said


def test_english_in_a_region_without_it_is_the_international_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_region(monkeypatch, "SY")
    with translation.override("en"):
        assert str(locale_here()) == "en_001"
    assert draw("{{ d|day }}", "en", d=date(2026, 3, 8)) == "8 March 2026"


@pytest.mark.parametrize("wrong", ["sy", "Syria", "S", "963"])
def test_a_region_is_two_capital_letters(tmp_path: Path, wrong: str) -> None:
    from marfa.domain.message import InputError

    (tmp_path / "marfa.toml").write_text(f'region = "{wrong}"\n', encoding="utf-8")
    with pytest.raises(InputError):
        read_settings(tmp_path)
    assert Settings.model_fields["region"].default == ""


def test_no_page_writes_a_day_past_the_region() -> None:
    """Django's own date filter knows one Arabic alone; it is for machines: ``date:'c'``."""
    for page in SOURCE.rglob("*.html"):
        for form in re.findall(
            r"\|(?:date|time)(?![a-z_])(?::(\"[^\"]*\"|'[^']*'))?", page.read_text("utf-8")
        ):
            assert form.strip("\"'") == "c", f"{page.name}: use |day or |instant"


def test_what_ends_with_a_day_is_shown_by_that_day() -> None:
    """An end is the first moment after it; whoever reads it sees the day that was typed."""
    end = datetime(2028, 12, 2, tzinfo=UTC)
    assert draw("{{ end|last_day }}", "en", end=end) == "1 December 2028"
    assert draw("{{ end|last_day }}", "en", end=None) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [("+218 21 000 0009", "ltr"), ("٠٩٤ ١٢٣", "ltr"), ("+218 (مساءً)", "auto"), ("", "ltr")],
)
def test_a_number_does_not_turn_round_in_an_arabic_page(value: str, expected: str) -> None:
    assert direction(value) == expected


@pytest.mark.parametrize(
    ("zone", "language", "place"),
    [("Africa/Tripoli", "ar", "طرابلس"), ("Africa/Tripoli", "en", "Tripoli"), ("UTC", "ar", "UTC")],
)
def test_a_time_zone_is_named_by_its_place(zone: str, language: str, place: str) -> None:
    assert draw("{{ zone|place_of_clock }}", language, zone=zone) == place
