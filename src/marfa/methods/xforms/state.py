"""A form while it is filled in: answers, what is asked, what is missing, what is calculated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from marfa.domain.message import InputError, Message
from marfa.methods.xforms.evaluation import Evaluation
from marfa.methods.xforms.model import Choice, FormModel, Question, Repeat, SetValue, Spot, Wording
from marfa.methods.xforms.places import find_node, fresh_answers, generic_path, path_of
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath import Surroundings
from marfa.methods.xforms.xpath.dates import date_text, moment_text

MOST_REPEATS = 500
"""How often one part may repeat."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One place as it stands. problem: why it cannot be sent so, as a message without the value."""

    path: str
    question: Question | None
    value: str
    relevant: bool
    required: bool
    readonly: bool
    problem: Message | None = None

    @property
    def spot_path(self) -> str:
        return generic_path(self.path)


class State:
    """The answers of one form, always settled.

    Each change runs all rules once in their order, so that what is read is what holds. Paths
    name places in repeats from 1: ``/data/child[2]/age``.
    """

    def __init__(self, form: FormModel, root: Node, around: Surroundings) -> None:
        self.form = form
        self.root = root
        self.evaluation = Evaluation(form, root, around)

    @property
    def around(self) -> Surroundings:
        return self.evaluation.around

    @property
    def instance_id(self) -> str:
        node = find_node(self.root, f"/{self.root.name}/meta/instanceID")
        return node.string().strip() if node is not None else ""

    def settle(self) -> None:
        """Run all rules of the form."""
        self.evaluation.settle()

    def node(self, path: str) -> Node:
        """Raises InputError where there is no such place."""
        node = find_node(self.root, path)
        if node is None:
            raise InputError.at(Message("methods.xforms:no-place", {"path": path}), field=path)
        return node

    def set(self, path: str, value: str) -> None:
        """Answer a question. The value is kept even where it is not acceptable."""
        self.put({path: value})

    def put(self, answers: Mapping[str, str]) -> None:
        """Several answers at once.

        Raises InputError for a path that is no place of a single answer, before anything changes.
        """
        nodes = {path: self.node(path) for path in answers}
        for path, node in nodes.items():
            if node.spot.children:
                raise InputError.at(Message("methods.xforms:no-answer", {"path": path}), field=path)
        for path, node in nodes.items():
            if node.text != answers[path]:
                node.text = answers[path]
                self._trigger(node)
        self.settle()

    def add(self, path: str) -> str:
        """One more of a repeat, told by its path without a last place; gives the new path.

        Raises InputError where it is no repeat, has a fixed number, or there are too many.
        """
        parent, spot = self._repeat(path)
        alike = parent.named(spot.name)
        if spot.count is not None or len(alike) >= MOST_REPEATS:
            raise InputError.at(
                Message("methods.xforms:no-more", {"most": MOST_REPEATS}), field=path
            )
        node = self.evaluation.insert(parent, spot)
        self._run_settings("new-repeat", node)
        self.settle()
        return path_of(node)

    def remove(self, path: str) -> None:
        """Take one instance of a repeat away, with all that it holds."""
        node = self.node(path)
        if node.parent is None or not node.spot.repeat or node.spot.count is not None:
            raise InputError.at(Message("methods.xforms:no-repeat", {"path": path}), field=path)
        node.parent.children.remove(node)
        node.parent = None
        self.settle()

    def _repeat(self, path: str) -> tuple[Node, Spot]:
        above, _, name = path.rpartition("/")
        parent = find_node(self.root, above)
        spot = parent.spot.children.get(name.partition("[")[0]) if parent is not None else None
        if parent is None or spot is None or not spot.repeat:
            raise InputError.at(Message("methods.xforms:no-repeat", {"path": path}), field=path)
        return parent, spot

    def _trigger(self, node: Node) -> None:
        for setting in self.form.settings:
            if "changed" in setting.events and setting.trigger is node.spot:
                self._apply(setting, node)

    def _run_settings(self, event: str, within: Node) -> None:
        """Settings of an event whose target stands in an element."""
        for setting in self.form.settings:
            if event in setting.events:
                for target in within.walk():
                    if target.spot is setting.target:
                        self.evaluation.assign(target, setting.value)

    def _apply(self, setting: SetValue, trigger: Node) -> None:
        """The targets nearest to the trigger: within the same instances of repeats."""
        for above in (trigger, *self.evaluation.above(trigger)):
            targets = [node for node in above.walk() if node.spot is setting.target]
            if targets:
                for target in targets:
                    self.evaluation.assign(target, setting.value)
                return

    def begin(self) -> None:
        """What happens once, when answering begins: identity, time, defaults."""
        for node in self.root.walk():
            self._preload(node, node.spot)
        for event in ("first-load", "load"):
            self._run_settings(event, self.root)
        for node in list(self.root.walk()):
            if node.spot.repeat:
                self._run_settings("new-repeat", node)
        self.settle()

    def _preload(self, node: Node, spot: Spot) -> None:
        bind, now = spot.bind, self.around.now
        if bind.preload == "uid":
            node.text = node.text or f"uuid:{self.around.uuid()}"
        elif bind.preload == "timestamp" and bind.preload_params == "start":
            node.text = moment_text(now)
        elif bind.preload == "date":
            node.text = date_text(now)
        elif bind.preload == "property":
            node.text = self.around.properties.get(bind.preload_params.replace(" ", ""), "")
        elif spot.path.endswith("/meta/instanceID") and not node.text:
            node.text = f"uuid:{self.around.uuid()}" if bind.calculate is None else ""

    def finish(self) -> None:
        """What happens once, when answering ends: the time of the end."""
        for node in self.root.walk():
            bind = node.spot.bind
            if bind.preload == "timestamp" and bind.preload_params == "end":
                node.text = moment_text(self.around.now)
        self.settle()

    def at(self, path: str) -> Answer:
        """One place. Raises InputError where there is none."""
        return self.evaluation.answer(self.node(path))

    def answers(self) -> Iterator[Answer]:
        """All places that hold answers, in the order of the form."""
        for node in self.root.walk():
            if not node.spot.children:
                yield self.evaluation.answer(node)

    def problems(self) -> list[Answer]:
        """The places that stand in the way of sending."""
        return [answer for answer in self.answers() if answer.problem is not None]

    def instances(self, path: str) -> list[str]:
        """The paths of all instances of a repeat, told by its path without a last place."""
        parent, spot = self._repeat(path)
        return [path_of(node) for node in parent.named(spot.name)]

    def relevant(self, path: str) -> bool:
        return self.evaluation.is_relevant(self.node(path))

    def may_stand(self, path: str) -> bool:
        """Whether instances of a repeat are asked for where its path would stand."""
        parent, _ = self._repeat(path)
        return self.evaluation.is_relevant(parent)

    def can_add(self, repeat: Repeat, path: str) -> bool:
        """Whether the person may add another to a repeat."""
        parent, spot = self._repeat(path)
        full = len(parent.named(spot.name)) >= MOST_REPEATS
        return spot.count is None and not repeat.fixed and not full

    def choices(self, path: str, language: str = "") -> list[Choice]:
        """The choices that a question offers now."""
        return self.evaluation.choices(self.node(path), language)

    def words(self, wording: Wording, path: str = "", language: str = "") -> str:
        """A text in a language, with what is filled in taken around a place."""
        node = self.node(path) if path else self.root
        return self.evaluation.labels.words(wording, node, language)

    def media(self, wording: Wording, path: str = "", language: str = "") -> Mapping[str, str]:
        """Names of files that go with a text, by kind: image, audio, video."""
        node = self.node(path) if path else self.root
        return self.evaluation.labels.media(wording, node, language)


def start(form: FormModel, around: Surroundings) -> State:
    """A form as it is opened for the first time."""
    state = State(form, fresh_answers(form), around)
    state.begin()
    return state


def evaluate(form: FormModel, answers: Mapping[str, str], around: Surroundings) -> State:
    """A form with these answers. Repeats are added as the paths need them.

    Raises InputError for a path that the form does not have.
    """
    state = start(form, around)
    left = dict(answers)
    while left:
        there = {
            path: value for path, value in left.items() if find_node(state.root, path) is not None
        }
        if not there:
            grow_repeats(state, next(iter(left)))
            state.node(next(iter(left)))
            continue
        state.put(there)
        left = {path: value for path, value in left.items() if path not in there}
    return state


def grow_repeats(state: State, path: str) -> None:
    """Adds instances of repeats until a path is there, where the form lets them be added."""
    steps = path.strip("/").split("/")
    for end in range(2, len(steps) + 1):
        step = "/" + "/".join(steps[:end])
        name, bracket, place = step.rpartition("[")
        if not bracket or not step.endswith("]") or not place[:-1].isdigit():
            continue
        while find_node(state.root, step) is None and int(place[:-1]) <= MOST_REPEATS:
            state.add(name)
