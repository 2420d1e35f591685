"""What is asked of an index, taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from marfa.methods.names.compare import Name, parse_kind
from marfa.methods.names.context import Facts
from marfa.methods.names.explain import Words, written_words
from marfa.methods.names.fields import text_of
from marfa.methods.names.kinds import Kind
from marfa.methods.names.text import normalise
from marfa.methods.names.tokens import Known, ParsedName, Token, parse


@dataclass(frozen=True)
class Asked:
    """A query taken apart."""

    text: str
    parsed: ParsedName
    facts: Facts | None
    as_query: bool

    @classmethod
    def of(
        cls,
        query: Name,
        *,
        kind: Kind | None = None,
        known: Known | None = None,
        facts: Facts | None = None,
        as_query: bool = False,
    ) -> Asked:
        """known: as in ``tokens.parse``."""
        return cls(text_of(query), parse_kind(query, kind, known), facts, as_query)

    @cached_property
    def plain(self) -> str:
        return normalise(self.text)

    @cached_property
    def words(self) -> Words:
        return written_words(self.text)


def words_of(query: str) -> tuple[Token, ...]:
    """The words of a query, each taken by itself: initials are no acronym here."""
    readings = [parsed.readings[0] for word in query.split() if (parsed := parse(word)).readings]
    tokens = tuple(token for reading in readings for token in reading.tokens)
    return tuple(token for token in tokens if token.weight >= 0.5) or tokens
