"""From tokens to terms: the grammar of XPath 1.0 by recursive descent, bounded in depth."""

from __future__ import annotations

from functools import lru_cache

from marfa.methods.xforms.xpath.lexer import Token, XPathSyntaxError, tokens
from marfa.methods.xforms.xpath.syntax import (
    Binary,
    Call,
    Filter,
    Literal,
    Negative,
    Number,
    Path,
    Step,
    Term,
)

DEEPEST = 60
"""How far calls, brackets and predicates may be nested."""

_PRECEDENCE = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!="), 3),
    **dict.fromkeys(("<", "<=", ">", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "div", "mod"), 6),
}
_AXES = {
    "child": "child",
    "parent": "parent",
    "self": "self",
    "descendant": "descendant",
    "descendant-or-self": "descendant",
}


@lru_cache(maxsize=4096)
def parse_xpath(expression: str) -> Term:
    """The expression as a term.

    Raises XPathSyntaxError with the place, also for what is XPath but not ODK's: attributes,
    variables, node tests such as ``text()``, and axes beyond those of the specification.
    """
    reader = _Reader(tokens(expression))
    term = reader.expression()
    if reader.token.kind != "end":
        raise reader.unexpected()
    return term


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.place = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def unexpected(self) -> XPathSyntaxError:
        if self.token.kind == "end":
            return XPathSyntaxError("unfinished", self.token.at)
        return XPathSyntaxError("unexpected", self.token.at, self.token.text)

    def take(self, text: str) -> bool:
        if self.token.text == text and self.token.kind in ("symbol", "op"):
            self.place += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.unexpected()

    def expression(self) -> Term:
        self.depth += 1
        if self.depth > DEEPEST:
            raise XPathSyntaxError("too-deep", self.token.at)
        term = self.binary(1)
        self.depth -= 1
        return term

    def operator(self) -> int:
        """How tightly the operator at this place binds, 0 if there is none."""
        if self.token.kind == "op" or (self.token.kind == "symbol" and self.token.text != "*"):
            return _PRECEDENCE.get(self.token.text, 0)
        return 0

    def binary(self, weakest: int) -> Term:
        term = self.unary()
        while (binds := self.operator()) >= weakest:
            operator = self.token.text
            self.place += 1
            term = Binary(operator, term, self.binary(binds + 1))
        return term

    def unary(self) -> Term:
        signs = 0
        while self.take("-"):
            signs += 1
        term = self.union()
        return term if signs == 0 else Negative(term if signs % 2 else Negative(term))

    def union(self) -> Term:
        term = self.path()
        while self.take("|"):
            term = Binary("|", term, self.path())
        return term

    def path(self) -> Term:
        token = self.token
        if token.text in ("/", "//") and token.kind == "symbol":
            self.place += 1
            if token.text == "/" and not self.begins_step():
                return Path((), absolute=True)
            return Path(self.steps(descendant=token.text == "//"), absolute=True)
        if self.begins_step() and not self.is_call():
            return Path(self.steps(descendant=False))
        start = self.primary()
        predicates = self.predicates()
        if predicates:
            start = Filter(start, predicates)
        if self.token.text in ("/", "//") and self.token.kind == "symbol":
            descendant = self.token.text == "//"
            self.place += 1
            return Path(self.steps(descendant=descendant), start=start)
        return start

    def is_call(self) -> bool:
        return self.token.kind == "name" and self.tokens[self.place + 1].text == "("

    def begins_step(self) -> bool:
        token = self.token
        return token.kind == "name" or (
            token.kind == "symbol" and token.text in (".", "..", "*", "@")
        )

    def steps(self, *, descendant: bool) -> tuple[Step, ...]:
        found = [self.step(descendant=descendant)]
        while self.token.kind == "symbol" and self.token.text in ("/", "//"):
            descendant = self.token.text == "//"
            self.place += 1
            found.append(self.step(descendant=descendant))
        return tuple(found)

    def step(self, *, descendant: bool) -> Step:
        token = self.token
        if token.kind == "symbol" and token.text in (".", ".."):
            self.place += 1
            axis = "self" if token.text == "." else "parent"
            return Step(axis, "*", self.predicates())
        axis = "descendant" if descendant else "child"
        if token.kind == "name" and self.tokens[self.place + 1].text == "::":
            if token.text not in _AXES:
                raise XPathSyntaxError("axis", token.at, token.text)
            axis = _AXES[token.text]
            self.place += 2
            token = self.token
        if token.text == "@":
            raise XPathSyntaxError("attribute", token.at)
        if self.is_call():
            raise XPathSyntaxError("node-test", token.at, token.text)
        if token.kind != "name" and not (token.kind == "symbol" and token.text == "*"):
            raise self.unexpected()
        self.place += 1
        return Step(axis, token.text.rpartition(":")[2], self.predicates())

    def predicates(self) -> tuple[Term, ...]:
        found = []
        while self.take("["):
            found.append(self.expression())
            self.expect("]")
        return tuple(found)

    def primary(self) -> Term:
        token = self.token
        if token.kind == "number":
            self.place += 1
            return Number(float(token.text))
        if token.kind == "literal":
            self.place += 1
            return Literal(token.text)
        if self.is_call():
            return self.call()
        if token.text == "$":
            raise XPathSyntaxError("variable", token.at)
        self.expect("(")
        term = self.expression()
        self.expect(")")
        return term

    def call(self) -> Call:
        name = self.token
        self.place += 2
        arguments: list[Term] = []
        if not self.take(")"):
            arguments.append(self.expression())
            while self.take(","):
                arguments.append(self.expression())
            self.expect(")")
        return Call(name.text, tuple(arguments), name.at)
