"""Questions of one page as they are drawn, and what was typed as answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from marfa.domain.digits import latin_digits, without_marks
from marfa.methods.xforms import Choice, Question, QuestionKind, State
from marfa.methods.xforms.pages import Screen, Stop

MOST_RADIOS = 12
ACKNOWLEDGED = "OK"
_PLAIN = {
    QuestionKind.INTEGER: "number",
    QuestionKind.DECIMAL: "number",
    QuestionKind.RANGE: "number",
    QuestionKind.DATE: "date",
    QuestionKind.TIME: "time",
    QuestionKind.MOMENT: "datetime-local",
    QuestionKind.ACKNOWLEDGE: "checkbox",
}
_NUMBERS = frozenset(
    {QuestionKind.INTEGER, QuestionKind.DECIMAL, QuestionKind.RANGE, QuestionKind.GEOPOINT}
)


@dataclass(frozen=True)
class DrawnQuestion:
    """One question as its page draws it.

    kind: of the component, or ``note``, ``shown``, ``upload``, ``rank``, ``place``. parts: inputs
    of a question that has several: name, label, value.
    """

    name: str
    path: str
    kind: str
    label: str
    hint: str = ""
    value: object = ""
    error: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    parts: list[tuple[str, str, str]] = field(default_factory=list)
    accept: str = ""
    required: bool = False

    @property
    def head(self) -> str:
        """Where the error summary leads to."""
        return self.parts[0][0] if self.parts else self.name


def asked_on(state: State, stop: Stop, language: str) -> list[DrawnQuestion]:
    """The questions of a page that are asked with the answers as they stand."""
    return [_asked(state, stop, name, question, language) for name, question in _named(state, stop)]


def _named(state: State, stop: Stop) -> Iterator[tuple[str, Question]]:
    if isinstance(stop.screen, Screen):
        for number, question in enumerate(stop.screen.questions):
            if state.relevant(stop.path(question.spot)):
                yield f"q{number}", question


def _asked(state: State, stop: Stop, name: str, question: Question, language: str) -> DrawnQuestion:
    path = stop.path(question.spot)
    answer = state.at(path)
    choices = [(one.value, one.label) for one in state.choices(path, language)]
    kind = _kind(question, len(choices), readonly=answer.readonly)
    optional = [("", _("Choose one"))] if kind in ("select", "rank") else []
    return DrawnQuestion(
        name=name,
        path=path,
        kind=kind,
        label=state.words(question.label, path, language) or question.spot.name,
        hint=_hint(state, question, path, language),
        value=_shown(kind, answer.value, choices),
        choices=optional + choices,
        parts=_parts(kind, name, answer.value, choices),
        accept=question.accept if question.accept.endswith("/*") else "",
        required=answer.required,
    )


def _kind(question: Question, choices: int, *, readonly: bool) -> str:
    kind = question.kind
    if kind is QuestionKind.NOTE:
        return "note"
    if readonly:
        return "shown"
    if kind.is_upload:
        return "upload"
    if kind is QuestionKind.RANK:
        return "rank"
    if kind is QuestionKind.GEOPOINT:
        return "place"
    if kind is QuestionKind.SELECT_MANY:
        return "checkboxes"
    if kind is QuestionKind.SELECT_ONE:
        few = choices <= MOST_RADIOS and "minimal" not in question.appearance
        return "radios" if few else "select"
    if kind is QuestionKind.TEXT and "multiline" in question.appearance:
        return "textarea"
    return _PLAIN.get(kind, "text")


def _hint(state: State, question: Question, path: str, language: str) -> str:
    hint = state.words(question.hint, path, language)
    if (
        question.kind is QuestionKind.RANGE
        and question.start is not None
        and question.end is not None
    ):
        span = _("From %(start)g to %(end)g.") % {"start": question.start, "end": question.end}
        return f"{hint} {span}".strip()
    return hint


def _shown(kind: str, value: str, choices: list[tuple[str, str]]) -> object:
    if kind == "checkboxes":
        return value.split()
    if kind == "date":
        year, month, day = ([*value.split("-"), "", ""])[:3]
        return {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}
    if kind == "time":
        return value[:5]
    if kind == "datetime-local":
        return value[:16]
    if kind == "checkbox":
        return value == ACKNOWLEDGED
    if kind == "shown":
        return dict(choices).get(value, value)
    return value


def _parts(
    kind: str, name: str, value: str, choices: list[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    words = value.split()
    if kind == "place":
        labels = (_("Latitude"), _("Longitude"))
        given = [*words, "", ""]
        return [(f"{name}-{n}", label, given[n]) for n, label in enumerate(labels)]
    if kind == "rank":
        given = [*words, *[""] * len(choices)]
        return [
            (f"{name}-{n}", _("Place %(number)s") % {"number": n + 1}, given[n])
            for n in range(len(choices))
        ]
    return []


def read_answers(state: State, stop: Stop, posted: QueryDict) -> dict[str, str]:
    """What was typed on a page, by path, as the form writes it. Half a date is kept as it is, so
    that the page can show it again; files are not among it."""
    found: dict[str, str] = {}
    for name, question in _named(state, stop):
        path = stop.path(question.spot)
        choices = state.choices(path)
        kind = _kind(question, len(choices), readonly=state.at(path).readonly)
        if kind not in ("note", "shown", "upload"):
            found[path] = _typed(state, kind, question.kind, name, posted, choices)
    return found


def _typed(
    state: State, kind: str, of: QuestionKind, name: str, posted: QueryDict, choices: list[Choice]
) -> str:
    if kind == "checkboxes":
        chosen = posted.getlist(name)
        return " ".join(one.value for one in choices if one.value in chosen)
    if kind in ("place", "rank"):
        many = range(len(choices) if kind == "rank" else 2)
        words = [posted.get(f"{name}-{n}", "").strip() for n in many]
        joined = " ".join(word for word in words if word)
        return latin_digits(joined) if kind == "place" else joined
    if kind == "checkbox":
        return ACKNOWLEDGED if posted.get(name) else ""
    if kind == "date":
        return _date(posted, name)
    text = posted.get(name, "").replace("\r\n", "\n").strip()
    if of in _NUMBERS:
        return latin_digits(without_marks(text)).replace("٫", ".")
    if text and kind in ("time", "datetime-local"):
        return _with_offset(text, state.around.now)
    return text


def _date(posted: Mapping[str, str], name: str) -> str:
    given = [
        latin_digits(posted.get(f"{name}-{part}", "").strip()) for part in ("year", "month", "day")
    ]
    if not any(given):
        return ""
    year, month, day = given
    return f"{year}-{month.zfill(2) if month else ''}-{day.zfill(2) if day else ''}"


def _with_offset(text: str, now: datetime) -> str:
    """A time as ODK clients write it: with seconds and the offset of the zone."""
    offset = now.strftime("%z")
    return (
        f"{text}:00.000{offset[:3]}:{offset[3:5]}"
        if len(text.partition("T")[2] or text) == 5
        else text
    )
