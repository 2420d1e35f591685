"""All answers of one filling-in, for the look before they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from marfa.apps.forms.entry.flow import Flow
from marfa.apps.forms.entry.pages import message_sentence
from marfa.apps.forms.entry.questions import DrawnQuestion, asked_on
from marfa.methods.xforms import Question
from marfa.methods.xforms.pages import RepeatScreen, Screen, Stop, stops


@dataclass(frozen=True)
class Shown:
    """label, value: in the form's language. place: of its page. day: the value, where it is one."""

    label: str
    value: str
    place: str
    upload: bool = False
    day: date | None = None


@dataclass(frozen=True)
class Group:
    """nothing: the page on which the first of several would be added, where there is none."""

    title: str
    answers: list[Shown]
    nothing: str = ""


def overview_of(flow: Flow) -> list[Group]:
    """The answers of all pages, those of one group together."""
    groups: list[Group] = []
    for stop in stops(flow.state):
        title = _title(flow, stop)
        if isinstance(stop.screen, RepeatScreen):
            if not flow.state.instances(stop.repeat_path):
                groups.append(Group(title, [], stop.key))
            continue
        answers = list(_answers(flow, stop))
        if groups and groups[-1].title == title:
            groups[-1].answers.extend(answers)
        elif answers:
            groups.append(Group(title, answers))
    return groups


def _title(flow: Flow, stop: Stop) -> str:
    """The groups around a page, with the places of instances: ``Child 2``."""
    words = [flow.state.words(each, stop.within, flow.language) for each in stop.screen.titles]
    places = stop.key.partition(".")[2].replace(".", ", ")
    return " ".join([" – ".join(word for word in words if word), places]).strip()


def _answers(flow: Flow, stop: Stop) -> Iterator[Shown]:
    questions = stop.screen.questions if isinstance(stop.screen, Screen) else ()
    by_path: dict[str, Question] = {stop.path(one.spot): one for one in questions}
    for asked in asked_on(flow.state, stop, flow.language):
        if asked.kind != "note":
            yield Shown(
                asked.label,
                _in_words(flow, asked, by_path[asked.path]),
                stop.key,
                asked.kind == "upload",
                _day(flow.state.at(asked.path).value) if asked.kind == "date" else None,
            )


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _in_words(flow: Flow, asked: DrawnQuestion, question: Question) -> str:
    value = flow.state.at(asked.path).value
    if question.choices is None:
        return value
    labels = {one.value: one.label for one in flow.state.choices(asked.path, flow.language)}
    words = [value] if asked.kind in ("radios", "select") else value.split()
    return (
        "، ".join(labels.get(word, word) for word in words)
        if _is_arabic(flow)
        else ", ".join(labels.get(word, word) for word in words)
    )


def _is_arabic(flow: Flow) -> bool:
    named = {each.name: each.code for each in flow.state.form.languages}
    return named.get(flow.language, "").startswith(("ar", "fa", "ur"))


def to_be_answered(flow: Flow) -> dict[str, tuple[str, str]]:
    """Pages with something to put right: place -> (question, sentence)."""
    found: dict[str, tuple[str, str]] = {}
    for stop in stops(flow.state):
        for asked in asked_on(flow.state, stop, flow.language):
            problem = flow.state.at(asked.path).problem
            if problem is not None:
                found.setdefault(stop.key, (asked.label, message_sentence(problem)))
    return found
