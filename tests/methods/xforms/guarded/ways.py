"""Ways in which a form can rest something on the answer to one question, each with the row and the
column at which it does. Nothing but the wording of the question tells what it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SURVEY = (
    *("type", "name", "label", "relevant", "calculation", "constraint", "required", "readonly"),
    *("repeat_count", "choice_filter", "default", "trigger", "media::image", "parameters"),
    "marfa::tier",
)
CHOICES = ("list_name", "name", "label", "group", "points")
YES = (("yn", "yes", "1"), ("yn", "no", "2"))
STEPS = (("step", "help", "A"), ("step", "wait", "B"))
TIER = {"marfa::tier": "sensitive"}
ITEM = "root" + "/item"
"""Where a list stands in its instance; written so that it is not taken for a path on a machine."""


@dataclass(frozen=True)
class Way:
    """name: of the way. rows, choices: of the two sheets, the question excepted. row, column: of
    the rule, where the question stands in row 2."""

    name: str
    rows: tuple[dict[str, str], ...]
    row: int
    column: str
    choices: tuple[tuple[str, ...], ...] = ()
    settings: str = ""


def row(kind: str, name: str, label: str = "", **cells: str) -> dict[str, str]:
    return {"type": kind, "name": name, "label": label, **TIER} | cells


LAST = "Anything else?"
WAYS = (
    Way("scored", (row("calculate", "s", calculation="if(${q1} = 'a', 10, 0)"),), 3, "calculation"),
    Way(
        "scored through a copy",
        (
            row("calculate", "c", calculation="${q1}"),
            row("calculate", "s", calculation="if(${c} = 'a', 10, 0)"),
        ),
        3,
        "calculation",
    ),
    Way(
        "scored by a list beside",
        (
            row("select_one step", "z", "Then"),
            row(
                "calculate",
                "s",
                calculation=f"instance('step')/{ITEM}[name = ${{q1}}]/points",
            ),
        ),
        4,
        "calculation",
        (("step", "a", "A", "", "10"), ("step", "b", "B", "", "0")),
    ),
    Way(
        "counted as an answer",
        (row("calculate", "s", calculation="count-non-empty(${q1})"),),
        3,
        "calculation",
    ),
    Way(
        "by its length",
        (row("calculate", "s", calculation="string-length(${q1}) * 2"),),
        3,
        "calculation",
    ),
    Way("asked only of some", (row("text", "r", LAST, relevant="${q1} = 'a'"),), 3, "relevant"),
    Way("not asked of some", (row("text", "r", LAST, relevant="not(${q1} = 'a')"),), 3, "relevant"),
    Way(
        "a group for some",
        (
            row("begin_group", "g", "More", relevant="contains(${q1}, 'a')"),
            row("text", "r", LAST),
            {"type": "end_group", "name": "g"},
        ),
        3,
        "relevant",
    ),
    Way("wanted of some", (row("text", "r", LAST, required="${q1} = 'a'"),), 3, "required"),
    Way("fixed for some", (row("text", "r", LAST, readonly="${q1} != 'b'"),), 3, "readonly"),
    Way(
        "taken only from some",
        (row("integer", "r", "Days of stay", constraint=". < 3 or ${q1} = 'b'"),),
        3,
        "constraint",
    ),
    Way("begun with it", (row("text", "r", LAST, default="concat('x', ${q1})"),), 3, "default"),
    Way(
        "set when it changes",
        (row("text", "r", LAST, calculation="'later'", trigger="${q1}"),),
        3,
        "trigger",
    ),
    Way(
        "asked so often",
        (
            row("begin_repeat", "g", "Visit", repeat_count="if(${q1} = 'a', 3, 1)"),
            row("text", "r", LAST),
            {"type": "end_repeat", "name": "g"},
        ),
        3,
        "repeat_count",
    ),
    Way(
        "offered only to some",
        (row("select_one step", "r", "What comes next?", choice_filter="group = ${q1}"),),
        3,
        "choice_filter",
        (("step", "help", "A", "a", ""), ("step", "wait", "B", "b", "")),
    ),
    Way(
        "in another order",
        (row("select_one step", "r", "Next?", parameters="randomize=true, seed=${q1}"),),
        3,
        "parameters",
        STEPS,
    ),
    Way(
        "with a picture by it",
        (row("note", "r", "See", **{"media::image": "${q1}.png"}),),
        3,
        "media::image",
    ),
    Way(
        "within a household",
        (
            row("begin_repeat", "g", "Member"),
            row("calculate", "s", calculation="if(${q1} = 'a', 1, 0)"),
            {"type": "end_repeat", "name": "g"},
        ),
        4,
        "calculation",
    ),
    Way(
        "called by it",
        (row("text", "r", LAST),),
        2,
        "instance_name",
        settings="concat('case ', ${q1})",
    ),
)


def sheet(
    way: Way,
    label: str,
    language: str,
    kind: str = "text",
    choices: tuple[tuple[str, ...], ...] = (),
) -> bytes:
    """The form of a way, with the question first."""
    name = f"label::L ({language})"
    rows = [row(kind, "q1", label), *way.rows]
    lines = ["| survey |", _line([name if h == "label" else h for h in SURVEY])]
    lines += [_line([one.get(h, "") for h in SURVEY]) for one in rows]
    given = [*way.choices, *choices]
    if given:
        lines += ["| choices |", _line([name if h == "label" else h for h in CHOICES])]
        lines += [_line([*one, *[""] * (len(CHOICES) - len(one))]) for one in given]
    settings = ("form_title", "form_id", "version", "instance_name")
    lines += ["| settings |", _line(settings), _line(("F", "f", "1", way.settings))]
    return "\n".join(lines).encode()


def _line(cells: object) -> str:
    return "| | " + " | ".join(map(str, cells)) + " |"  # type: ignore[call-overload]


Build = Callable[[str], bytes]
