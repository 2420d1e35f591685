"""What a form is, once read: places of the answers, questions, texts and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath import Expression


class QuestionKind(StrEnum):
    """How a question is asked. Other kinds of ODK are refused when the form is read."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    SELECT_ONE = "select-one"
    SELECT_MANY = "select-many"
    RANK = "rank"
    RANGE = "range"
    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"
    GEOPOINT = "geopoint"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"

    @property
    def is_upload(self) -> bool:
        return self in (
            QuestionKind.IMAGE,
            QuestionKind.AUDIO,
            QuestionKind.VIDEO,
            QuestionKind.FILE,
        )

    @property
    def has_choices(self) -> bool:
        return self in (QuestionKind.SELECT_ONE, QuestionKind.SELECT_MANY, QuestionKind.RANK)


@dataclass(frozen=True, slots=True)
class Language:
    """name: as the form writes it (``Arabic (ar)``); code: the part in brackets, or the name."""

    name: str
    code: str

    @property
    def label(self) -> str:
        """What a reader is shown: the name without the code."""
        return self.name.removesuffix(f"({self.code})").rstrip() or self.name


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with what is filled in: words and expressions in turn, or the key of a translation."""

    parts: tuple[str | Expression, ...] = ()
    key: Expression | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """One text of the table of translations, in one language. media: file names by kind;
    media_parts: what is filled in in these names."""

    parts: tuple[str | Expression, ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)
    guidance: tuple[str | Expression, ...] = ()
    media_parts: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Bind:
    """The rules of one place. ``type`` is a data type of ODK, without a prefix."""

    type: str = "string"
    relevant: Expression | None = None
    required: Expression | None = None
    readonly: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    required_message: Wording | None = None
    constraint_message: Wording | None = None
    preload: str = ""
    preload_params: str = ""
    max_pixels: int | None = None


class Spot:
    """One place of the answers: an element of the primary instance, however often it repeats.

    path: names from the root, ``/data/child/age``; repeat: whether it may occur many times;
    blank: the element as it is added, with defaults; question: how it is asked, if it is.
    """

    __slots__ = (
        *("bind", "blank", "children", "count", "name"),
        *("namespace", "parent", "path", "question", "repeat"),
    )

    def __init__(self, name: str, parent: Spot | None, namespace: str) -> None:
        self.name = name
        self.parent = parent
        self.namespace = namespace
        self.path: str = f"{parent.path if parent else ''}/{name}"
        self.children: dict[str, Spot] = {}
        self.bind = Bind()
        self.repeat = False
        self.count: Expression | None = None
        self.blank: Node | None = None
        self.question: Question | None = None

    def __repr__(self) -> str:
        return f"<{self.path}>"

    def walk(self) -> Iterator[Spot]:
        yield self
        for child in self.children.values():
            yield from child.walk()

    @property
    def ancestors(self) -> tuple[Spot, ...]:
        """From the root down to the parent."""
        found: list[Spot] = []
        step = self.parent
        while step is not None:
            found.append(step)
            step = step.parent
        return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as it is offered: its value and its label in the language that was asked for."""

    value: str
    label: str
    media: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FixedChoice:
    value: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices that are listed in the question, or taken from a list by an expression.

    value, label: expressions within an item; seed: what shuffles them, where they are shuffled.
    """

    fixed: tuple[FixedChoice, ...] = ()
    nodes: Expression | None = None
    value: Expression | None = None
    label: Wording = Wording()
    shuffled: bool = False
    seed: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question. accept: media type of a file; start, end, step: of a range."""

    spot: Spot
    kind: QuestionKind
    label: Wording = Wording()
    hint: Wording = Wording()
    appearance: frozenset[str] = frozenset()
    choices: Itemset | None = None
    accept: str = ""
    start: float | None = None
    end: float | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Questions that belong together. spot: the place that holds them, where there is one."""

    label: Wording
    spot: Spot | None
    parts: tuple[Part, ...]
    appearance: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Repeat:
    """Questions that are asked for each of several. count: how many, where the form says."""

    label: Wording
    spot: Spot
    parts: tuple[Part, ...]
    count: Expression | None = None
    appearance: frozenset[str] = frozenset()
    fixed: bool = False


Part = Question | Group | Repeat


@dataclass(frozen=True, slots=True)
class SetValue:
    """A value that is set when something happens.

    events: ``first-load`` or ``load``, ``new-repeat``, ``changed``; trigger: the question whose
    change it follows; value: nothing empties the target.
    """

    target: Spot
    events: frozenset[str]
    value: Expression | None
    trigger: Spot | None = None


@dataclass(frozen=True, eq=False)
class FormModel:
    """A form, ready to be asked, evaluated and checked.

    digest: ``md5:`` and the MD5 of the XForm's bytes, as form lists of OpenRosa have it.
    spots: all places by path. order: rules in the order in which they are evaluated.
    media: names of files that the form needs beside it.
    """

    id: str
    version: str
    title: str
    digest: str
    root: Spot
    spots: Mapping[str, Spot]
    body: tuple[Part, ...]
    languages: tuple[Language, ...]
    default_language: str
    translations: Mapping[str, Mapping[str, Translation]]
    instances: Mapping[str, Node]
    settings: tuple[SetValue, ...]
    order: tuple[Rule, ...]
    media: tuple[str, ...]
    known: dict[object, object] = field(default_factory=dict, repr=False)
    """What was worked out once and holds for every submission."""

    def questions(self) -> Iterator[Question]:
        """All questions in the order of the form."""
        stack: list[Part] = list(reversed(self.body))
        while stack:
            part = stack.pop()
            if isinstance(part, Question):
                yield part
            else:
                stack.extend(reversed(part.parts))

    def language(self, wanted: str) -> str:
        """The form's name of a language, by name or code; the default where it has none."""
        for language in self.languages:
            if wanted and wanted in (language.name, language.code):
                return language.name
        return self.default_language


class RuleKind(StrEnum):
    RELEVANT = "relevant"
    CALCULATE = "calculate"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that changes the answers or what is asked."""

    kind: RuleKind
    spot: Spot
    expression: Expression
