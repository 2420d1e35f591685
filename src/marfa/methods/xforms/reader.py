"""Reading the texts and expressions of a form, with every refusal at its place."""

from __future__ import annotations

from collections.abc import Mapping

from marfa.domain.message import Message
from marfa.methods.xforms.model import Language, Spot, Translation, Wording
from marfa.methods.xforms.problems import FormProblems
from marfa.methods.xforms.references import Unknown, term_references
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath import Expression, UnevaluableError, XPathSyntaxError, compile_xpath
from marfa.methods.xforms.xpath.functions.patterns import compile_pattern
from marfa.methods.xforms.xpath.syntax import Call, Literal, function_calls


def words_of(text: str) -> str:
    """Labels are one line: what an editor broke or indented is joined."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(lines)


class Reader:
    """What all parts of a form are read with: the problems found and the places known."""

    def __init__(self, found: FormProblems, root: Spot, instances: Mapping[str, Node]) -> None:
        self.found = found
        self.root = root
        self.instances = instances

    def expression(
        self, source: str | None, at: Spot, column: str, line: int = 0
    ) -> Expression | None:
        """The expression of an attribute, or None where there is none or it is wrong.

        Its functions, patterns, instances and paths are checked too.
        """
        if source is None or not source.strip():
            return None
        try:
            expression = compile_xpath(source.strip())
        except XPathSyntaxError as error:
            params = {"expression": source.strip(), "at": error.at, "detail": error.detail}
            self.wrong(f"xpath-{error.reason}", at, column, line, **params)
            return None
        except UnevaluableError as error:
            self.wrong(error.reason, at, column, line, name=error.detail)
            return None
        self._check(expression, at, column, line)
        return expression

    def wrong(self, key: str, at: Spot, column: str, line: int = 0, /, **params: object) -> None:
        self.found.wrong(Message(f"methods.xforms:{key}", params), at.path, line, column)

    def _check(self, expression: Expression, at: Spot, column: str, line: int) -> None:
        for call in function_calls(expression.term):
            self._check_call(call, at, column, line)
        for reference in term_references(expression.term, at, self.root):
            if isinstance(reference, Unknown):
                self.wrong("path-unknown", at, column, line, path=reference.path)

    def _check_call(self, call: Call, at: Spot, column: str, line: int) -> None:
        argument = call.arguments[-1] if call.arguments else None
        if call.name == "regex":
            if not isinstance(argument, Literal):
                self.wrong("pattern-not-literal", at, column, line)
                return
            try:
                compile_pattern(argument.value)
            except UnevaluableError as error:
                self.wrong(error.reason, at, column, line, name=error.detail)
        elif call.name == "instance":
            known = isinstance(argument, Literal) and argument.value in self.instances
            if not known:
                name = argument.value if isinstance(argument, Literal) else ""
                self.wrong("instance-unknown", at, column, line, name=name)

    def parts(self, node: Node, at: Spot, column: str) -> tuple[str | Expression, ...]:
        """Words and outputs of a label, in their order."""
        found: list[str | Expression] = []
        for piece in node.mixed:
            if isinstance(piece, str):
                found.append(words_of(piece) if piece.strip() else " ")
                if piece.strip() and piece[:1].isspace():
                    found[-1] = " " + str(found[-1])
                if piece.strip() and piece[-1:].isspace():
                    found[-1] = str(found[-1]) + " "
            elif piece.name == "output":
                source = piece.attributes.get("value") or piece.attributes.get("ref")
                expression = self.expression(source, at, column, piece.line)
                if expression is not None:
                    found.append(expression)
        return tuple(found)

    def wording(self, node: Node | None, at: Spot, column: str = "label") -> Wording:
        """The text of a label or hint, translated or not."""
        if node is None:
            return Wording()
        reference = node.attributes.get("ref")
        if reference is not None:
            return Wording(key=self.expression(reference, at, column, node.line))
        return Wording(self.parts(node, at, column))

    def message(self, text: str | None, at: Spot, column: str) -> Wording | None:
        """``jr:constraintMsg``: a text, or a call of ``jr:itext``."""
        if not text:
            return None
        if text.strip().startswith("jr:itext("):
            return Wording(key=self.expression(text, at, column))
        return Wording((text.strip(),))

    def translations(self, itext: Node | None) -> dict[str, dict[str, Translation]]:
        """Texts by language and key."""
        found: dict[str, dict[str, Translation]] = {}
        for translation in itext.named("translation") if itext is not None else ():
            texts = found.setdefault(translation.attributes.get("lang", ""), {})
            for text in translation.named("text"):
                key = text.attributes.get("id", "")
                texts[key] = self._translation(text, self.place_of(key))
        return found

    def place_of(self, key: str) -> Spot:
        """Keys that pyxform makes begin with the path of their question."""
        path = key.partition(":")[0]
        return find_spot(self.root, path) or self.root

    def _translation(self, text: Node, at: Spot) -> Translation:
        parts: tuple[str | Expression, ...] = ()
        guidance: tuple[str | Expression, ...] = ()
        media: dict[str, str] = {}
        filled: list[Expression] = []
        for value in text.named("value"):
            form = value.attributes.get("form", "")
            if form in ("", "long"):
                parts = self.parts(value, at, "label")
            elif form == "guidance":
                guidance = self.parts(value, at, "guidance_hint")
            elif form != "short":
                media[form] = value.string().strip().rpartition("/")[2]
                inside = self.parts(value, at, f"media::{form}")
                filled += [one for one in inside if isinstance(one, Expression)]
        return Translation(() if parts == ("-",) else parts, media, guidance, tuple(filled))


def find_spot(root: Spot, path: str) -> Spot | None:
    names = path.strip("/").split("/")
    if names[0] != root.name:
        return None
    spot: Spot | None = root
    for name in names[1:]:
        spot = spot.children.get(name) if spot is not None else None
    return spot


def language_of(name: str) -> Language:
    """``Arabic (ar)`` is Arabic with the code ar; a name without brackets is its own code."""
    before, bracket, code = name.rpartition("(")
    code = code.strip().removesuffix(")").strip() if bracket else ""
    return Language(name, code if before and code else name)
