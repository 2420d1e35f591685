"""What was measured as one HTML page; it fetches nothing and runs nothing."""

from __future__ import annotations

from marfa.domain.catalogue import RIGHT_TO_LEFT
from marfa.domain.message import Message
from marfa.methods.estimation.report import POLICY
from marfa.methods.estimation.report.html import Markup, Words, join, table, tag
from marfa.methods.estimation.report.style import STYLE
from marfa.methods.networks.answers import FIGURES, NOTICE, Survey
from marfa.methods.networks.map import REST, Folded, draw_map, fold


class PageWords(Words):
    """Texts of this page."""

    def text(self, key: str, **params: object) -> str:
        return self.say(Message(f"methods.networks:page-{key}", params))


def network_page(survey: Survey, language: str) -> str:
    """The page, complete."""
    words = PageWords(language)
    head = join(
        [
            Markup('<meta charset="utf-8">'),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            tag("title", words.text("title")),
            Markup(f"<style>{STYLE}</style>"),
        ]
    )
    folded = fold(survey)
    parts = [
        tag("h1", words.text("title")),
        tag("p", words.say(NOTICE), class_="headline"),
        _totals(survey, words),
        tag("h2", words.text("map")),
        tag("p", words.text("map-lead")),
        draw_map(survey, folded, words.text("map"), lambda c: _circle_name(c, words)),
        _circles(folded, words),
        _figures(survey, words),
        *(tag("p", words.say(note), class_="note") for note in survey.notes),
    ]
    page = tag(
        "html",
        tag("head", head),
        tag("body", tag("main", *parts)),
        lang=language,
        dir="rtl" if language in RIGHT_TO_LEFT else "ltr",
    )
    return f"<!doctype html>\n{page}\n"


def _totals(survey: Survey, words: PageWords) -> Markup:
    totals, limits = survey.measured.totals, survey.measured.missing.totals
    rows = []
    for name in TOTALS:
        value = getattr(totals, name)
        places = 4 if name in ("density", "degree_centralisation") else 0
        low, high = limits.get(name, (None, None))
        span = "" if low is None else f"{words.number(low, places)} – {words.number(high, places)}"
        rows.append([words.text(name), words.number(value, places), span])
    head = [words.text("figure"), words.text("value"), words.text("if-missing")]
    return table(head, rows, words.text("totals-caption", rate=survey.measured.missing.rate))


TOTALS = (
    "nodes",
    "ties",
    "density",
    "degree_centralisation",
    "components",
    "largest",
    "deepest_core",
)


def _circle_name(circle: int, words: PageWords) -> str:
    return words.text("rest") if circle == REST else words.text("community-number", number=circle)


def _circles(folded: Folded, words: PageWords) -> Markup:
    outward = {
        c: sum(ties for pair, ties in folded.between.items() if c in pair) for c in folded.sizes
    }
    rows = [
        [
            _circle_name(c, words),
            words.number(size),
            words.number(folded.within.get(c, 0)),
            words.number(outward[c]),
        ]
        for c, size in folded.sizes.items()
    ]
    head = [words.text(key) for key in ("community", "nodes", "within", "outward")]
    return table(head, rows, words.text("circles-caption"))


def _figures(survey: Survey, words: PageWords) -> Markup:
    rows = survey.rows
    if rows is None:
        return tag("p", words.text("no-nodes"))
    cells = [
        [
            tag("bdi", str(row["id"])),
            *(words.number(float(row[name]), _places(name)) for name in FIGURES),
        ]
        for row in rows
    ]
    head = [words.text("id"), *(words.text(name) for name in FIGURES)]
    return join(
        [tag("h2", words.text("figures")), table(head, cells, words.text("figures-caption"))]
    )


def _places(name: str) -> int:
    return 4 if name in ("betweenness", "closeness") else 0
