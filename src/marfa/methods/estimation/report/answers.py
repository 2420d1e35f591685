"""The parts of the report that give the answer: headline, data, estimates, assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from marfa.domain.message import Message
from marfa.methods.estimation.points import method_name
from marfa.methods.estimation.report.html import Markup, Words, join, table, tag
from marfa.methods.estimation.report.plots import Bar, forest_plot
from marfa.methods.estimation.results import Analysis, Result
from marfa.methods.estimation.table import CaptureTable

ASSUMPTIONS = ("closed", "linked", "everyone", "dependence", "own-lists", "same-chance")


def headline_part(analysis: Analysis, words: Words) -> Markup:
    """The sentence to take away, what it rests on, and what it does not say."""
    line = analysis.headline
    box = [tag("p", words.say(line.message))]
    box += [tag("p", words.say(reason)) for reason in line.reasons]
    observed = Message("methods.estimation:observed", count=round(analysis.observed))
    box.append(tag("p", words.say(observed)))
    return join(
        [
            tag("div", *box, class_=f"headline {line.verdict}"),
            tag("p", words.text("what-it-is")),
            note_list([*line.cautions, *(refusal.message for refusal in analysis.refusals)], words),
        ]
    )


def note_list(messages: Sequence[Message], words: Words) -> Markup:
    """A list of sentences, each once."""
    said = list(dict.fromkeys(words.say(message) for message in messages))
    return tag("ul", *(tag("li", text) for text in said), class_="note") if said else Markup("")


def data_part(data: CaptureTable, words: Words) -> Markup:
    """How many people each list and each two lists share."""
    alone = [data.n[(1 << i) - 1] for i in range(data.k)]
    sizes = table(
        [words.text("list"), words.text("people"), words.text("only-here")],
        [
            [name, words.number(size), words.number(single)]
            for name, size, single in zip(data.lists, data.sizes, alone, strict=True)
        ],
        words.text("lists-caption"),
    )
    pairs = table(
        [words.text("two-lists"), words.text("people")],
        [
            [f"{data.lists[i]} + {data.lists[j]}", words.number(data.overlap(1 << i | 1 << j))]
            for i, j in combinations(range(data.k), 2)
        ],
        words.text("pairs-caption"),
    )
    return join(
        [
            tag("h2", words.text("data")),
            tag("p", words.text("small-counts"), class_="note"),
            sizes,
            pairs,
        ]
    )


def estimates_part(analysis: Analysis, words: Words, right: bool) -> Markup:
    """Every method's estimate with its limits, as a plot and as a table."""
    if not analysis.results:
        return Markup("")
    bars = [
        Bar(words.say(method_name(result.method)), result.estimate, *_limits(result), True)
        for result in analysis.results
    ]
    rows = [row for result in analysis.results for row in _rows(result, words)]
    said = [
        tag("li", tag("strong", words.say(method_name(result.method))), ": ", words.say(message))
        for result in analysis.results
        for message in result.warnings
    ]
    head = ("method", "estimate", "interval-kind", "level", "from", "to")
    return join(
        [
            tag("h2", words.text("estimates")),
            forest_plot(bars, words, words.text("estimates-caption"), right=right),
            table([words.text(key) for key in head], rows, words.text("estimates-caption")),
            tag("h3", words.text("warnings")) if said else Markup(""),
            tag("ul", *said, class_="note") if said else Markup(""),
        ]
    )


def _limits(result: Result) -> tuple[float | None, float | None]:
    """The 95% limits that the plot shows: selection-aware ones where there are any."""
    for kind in ("percentile", "credible", "bca", "profile"):
        found = result.interval(kind)
        if found is not None:
            return found.low, found.high
    return None, None


def _rows(result: Result, words: Words) -> Iterator[list[str]]:
    first = [words.say(method_name(result.method)), words.number(result.estimate)]
    if not result.intervals:
        yield [*first, "–", "–", "–", "–"]
    for number, interval in enumerate(result.intervals):
        yield [
            *(first if number == 0 else ["", ""]),
            words.say(Message(f"methods.estimation:kind-{interval.kind}")),
            f"{round(100 * interval.level)}%",
            words.number(interval.low),
            words.number(interval.high),
        ]


def assumptions_part(words: Words) -> Markup:
    """What must be true for any of this to hold, in words."""
    items = [tag("li", words.text(f"assumption-{name}")) for name in ASSUMPTIONS]
    return join(
        [
            tag("h2", words.text("assumptions")),
            tag("p", words.text("assumptions-lead")),
            tag("ul", *items),
        ]
    )
