"""Reading the body of a form: questions, groups and repeats."""

from __future__ import annotations

from marfa.domain.message import Message
from marfa.methods.xforms.model import (
    FixedChoice,
    Group,
    Itemset,
    Part,
    Question,
    QuestionKind,
    Repeat,
    Spot,
    Wording,
)
from marfa.methods.xforms.reader import Reader, find_spot
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath import Expression, compile_xpath

_INPUTS = {
    "string": QuestionKind.TEXT,
    "int": QuestionKind.INTEGER,
    "decimal": QuestionKind.DECIMAL,
    "date": QuestionKind.DATE,
    "time": QuestionKind.TIME,
    "dateTime": QuestionKind.MOMENT,
    "geopoint": QuestionKind.GEOPOINT,
}
_CONTROLS = {
    "select1": QuestionKind.SELECT_ONE,
    "select": QuestionKind.SELECT_MANY,
    "rank": QuestionKind.RANK,
    "range": QuestionKind.RANGE,
    "trigger": QuestionKind.ACKNOWLEDGE,
}
_UPLOADS = {"image": QuestionKind.IMAGE, "audio": QuestionKind.AUDIO, "video": QuestionKind.VIDEO}
_QUESTIONS = frozenset({*_CONTROLS, "input", "upload"})
_IGNORED = frozenset({"label", "hint", "setvalue", "item", "itemset"})


class BodyReader:
    """Reads the elements of a body in their order."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.asked: set[str] = set()

    def parts(self, node: Node, at: Spot) -> tuple[Part, ...]:
        found: list[Part] = []
        for child in node.children:
            if child.name in _QUESTIONS:
                question = self.question(child)
                if question is not None:
                    found.append(question)
            elif child.name == "group":
                found.append(self.group(child, at))
            elif child.name == "repeat":
                found.extend(self.repeat(child, at, Wording(), frozenset()))
            elif child.name not in _IGNORED:
                self.unsupported(child, at)
        return tuple(found)

    def unsupported(self, node: Node, at: Spot) -> None:
        message = Message("methods.xforms:control-unsupported", {"name": node.name})
        self.reader.found.wrong(message, node.attributes.get("ref", at.path), node.line, "type")

    def spot(self, node: Node, name: str = "ref") -> Spot | None:
        path = node.attributes.get(name, "").strip()
        spot = find_spot(self.reader.root, path)
        if spot is None:
            message = Message("methods.xforms:question-nowhere", {"path": path})
            self.reader.found.wrong(message, path, node.line)
        return spot

    def group(self, node: Node, at: Spot) -> Group | Repeat:
        """A group; one that does nothing but hold a repeat is that repeat's label."""
        spot = self.spot(node) if node.attributes.get("ref") else None
        label = self.reader.wording(node.child("label"), spot or at)
        appearance = _words(node)
        repeats = node.named("repeat")
        if len(repeats) == 1 and all(child.name in ("label", "repeat") for child in node.children):
            found = self.repeat(repeats[0], at, label, appearance)
            if found:
                return found[0]
        return Group(label, spot, self.parts(node, spot or at), appearance)

    def repeat(
        self, node: Node, at: Spot, label: Wording, appearance: frozenset[str]
    ) -> list[Repeat]:
        spot = self.spot(node, "nodeset")
        if spot is None:
            return []
        spot.repeat = True
        count = self.reader.expression(
            node.attributes.get("count"), spot, "repeat_count", node.line
        )
        spot.count = count
        fixed = node.attributes.get("noAddRemove", "") == "true()"
        parts = self.parts(node, spot)
        return [Repeat(label, spot, parts, count, appearance | _words(node), fixed)]

    def question(self, node: Node) -> Question | None:
        spot = self.spot(node)
        if spot is None:
            return None
        kind = self.kind(node, spot)
        if kind is None:
            self.unsupported(node, spot)
            return None
        if "query" in node.attributes:
            self.reader.wrong("external-choices", spot, "type", node.line)
        if "search(" in node.attributes.get("appearance", "").replace(" ", ""):
            self.reader.wrong("search-choices", spot, "appearance", node.line)
        if any(word.startswith(("ex:", "bearing", "printer:")) for word in _words(node)):
            self.reader.wrong("outside-app", spot, "appearance", node.line)
        question = Question(
            spot=spot,
            kind=kind,
            label=self.reader.wording(node.child("label"), spot),
            hint=self.reader.wording(node.child("hint"), spot, "hint"),
            appearance=_words(node),
            choices=self.choices(node, spot) if kind.has_choices else None,
            accept=node.attributes.get("mediatype", ""),
            start=self.number(node, "start", spot),
            end=self.number(node, "end", spot),
            step=self.number(node, "step", spot),
        )
        spot.question = question
        return question

    def number(self, node: Node, name: str, spot: Spot) -> float | None:
        text = node.attributes.get(name)
        if node.name != "range":
            return None
        try:
            return float(text or "")
        except ValueError:
            self.reader.wrong("range-wrong", spot, "parameters", node.line, name=name)
            return None

    def kind(self, node: Node, spot: Spot) -> QuestionKind | None:
        if node.name in _CONTROLS:
            return _CONTROLS[node.name]
        if node.name == "upload":
            media = node.attributes.get("mediatype", "").partition("/")[0]
            return _UPLOADS.get(media, QuestionKind.FILE)
        kind = _INPUTS.get(spot.bind.type)
        readonly = spot.bind.readonly
        always = readonly is not None and readonly.source == "true()"
        if kind is QuestionKind.TEXT and always and spot.bind.calculate is None:
            return QuestionKind.NOTE
        return kind

    def choices(self, node: Node, spot: Spot) -> Itemset:
        itemset = node.child("itemset")
        if itemset is None:
            return Itemset(fixed=tuple(self.fixed(item, spot) for item in node.named("item")))
        source = itemset.attributes.get("nodeset", "").strip()
        inner, seed, shuffled = _shuffled(source)
        value, label = itemset.child("value"), itemset.child("label")
        return Itemset(
            nodes=self.reader.expression(inner, spot, "choice_filter", itemset.line),
            value=_item(value, "name"),
            label=Wording(key=key) if (key := _itext(label)) else _plain(label),
            shuffled=shuffled,
            seed=self.reader.expression(seed, spot, "parameters", itemset.line),
        )

    def fixed(self, item: Node, spot: Spot) -> FixedChoice:
        value = item.child("value")
        label = self.reader.wording(item.child("label"), spot)
        return FixedChoice(value.string().strip() if value else "", label)


def _words(node: Node) -> frozenset[str]:
    return frozenset(node.attributes.get("appearance", "").split())


def _item(node: Node | None, otherwise: str) -> Expression:
    """An expression within an item of a list."""
    return compile_xpath((node.attributes.get("ref") if node else None) or otherwise)


def _itext(label: Node | None) -> Expression | None:
    source = label.attributes.get("ref", "") if label is not None else ""
    return compile_xpath(source) if source.startswith("jr:itext(") else None


def _plain(label: Node | None) -> Wording:
    return Wording((_item(label, "label"),))


def _shuffled(source: str) -> tuple[str, str | None, bool]:
    """``randomize(nodes, seed)`` around the choices, taken apart."""
    if not (source.startswith("randomize(") and source.endswith(")")):
        return source, None, False
    inner = source[len("randomize(") : -1]
    depth = 0
    for place in range(len(inner) - 1, -1, -1):
        letter = inner[place]
        depth += (letter in ")]") - (letter in "([")
        if letter == "," and depth == 0:
            return inner[:place], inner[place + 1 :], True
    return inner, None, True
