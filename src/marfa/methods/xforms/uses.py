"""What the rules of a form read, and how: the flow of answers, told without evaluating anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marfa.methods.xforms.model import FormModel, Itemset, Question, Spot, Translation, Wording
from marfa.methods.xforms.references import places_read
from marfa.methods.xforms.xpath import Expression
from marfa.methods.xforms.xpath.syntax import Binary, Call, Filter, Path, Term, direct_parts

_NODE_SETS = frozenset({"current", "instance", "indexed-repeat", "randomize"})
_COUNTING = frozenset({"count", "position"})


@dataclass(frozen=True, slots=True)
class Use:
    """One place that a rule reads. around: the terms that the reading stands in, from within."""

    spot: Spot
    around: tuple[Term, ...]
    term: Term


@dataclass(frozen=True, slots=True)
class Reading:
    """What one rule of a place reads. column: of the spreadsheet. source: the rule as written;
    empty where it is the change of an answer itself."""

    at: Spot
    column: str
    uses: tuple[Use, ...]
    source: str = ""


def readings_of(form: FormModel) -> Iterator[Reading]:
    """Every rule that works with answers: calculations, conditions, defaults, filters, counts, and
    what is shown by the name of a file. Texts that merely show an answer are not among them."""
    for spot in form.spots.values():
        for column, expression in _rules(spot):
            yield from _reading(form, spot, column, expression)
    for question in form.questions():
        for column, expression in _of_choices(question.choices):
            yield from _reading(form, question.spot, column, expression)
        for expression in _pictures(form, question):
            yield from _reading(form, question.spot, "media::image", expression)
    for setting in form.settings:
        yield from _reading(form, setting.target, "default", setting.value, trigger=setting.trigger)


def _rules(spot: Spot) -> Iterator[tuple[str, Expression | None]]:
    bind = spot.bind
    yield "calculation", bind.calculate
    yield "relevant", bind.relevant
    yield "constraint", bind.constraint
    yield "required", bind.required
    yield "read_only", bind.readonly
    yield "repeat_count", spot.count


def _of_choices(choices: Itemset | None) -> Iterator[tuple[str, Expression | None]]:
    if choices is not None:
        yield "choice_filter", choices.nodes
        yield "parameters", choices.seed


def _reading(
    form: FormModel,
    at: Spot,
    column: str,
    expression: Expression | None,
    trigger: Spot | None = None,
) -> Iterator[Reading]:
    uses = tuple(uses_of(expression, at, form.root)) if expression is not None else ()
    if trigger is not None:
        yield Reading(at, "trigger", (Use(trigger, (), Path(())),))
        column = "calculation"
    if expression is not None and uses:
        yield Reading(at, column, uses, expression.source)


def uses_of(expression: Expression, at: Spot, root: Spot) -> Iterator[Use]:
    """The places that an expression in the rules of a place reads, each time."""
    stack: list[tuple[Term, tuple[Term, ...]]] = [(expression.term, ())]
    while stack:
        term, around = stack.pop()
        if _is_node_set(term):
            yield from _of_node_set(term, around, at, root)
        else:
            stack.extend((part, (term, *around)) for part in direct_parts(term))


def _is_node_set(term: Term) -> bool:
    return (
        isinstance(term, (Path, Filter))
        or (isinstance(term, Binary) and term.operator == "|")
        or (isinstance(term, Call) and term.name in _NODE_SETS)
    )


def _of_node_set(term: Term, around: tuple[Term, ...], at: Spot, root: Spot) -> Iterator[Use]:
    """The places it leads to, and what is looked at on the way there. How many there are of a
    place tells nothing of what they hold."""
    places, inner = places_read(term, at, root)
    yield from (Use(e.spot, (term, *around), term) for e in inner if not e.spot.children)
    call = around[0] if around else None
    if isinstance(call, Call) and call.name in _COUNTING:
        return
    for spot in places:
        if spot.children:
            yield from (Use(leaf, (term, *around), term) for leaf in _leaves(spot))
        else:
            yield Use(spot, around, term)


def _leaves(spot: Spot) -> Iterator[Spot]:
    return (each for each in spot.walk() if not each.children)


def _pictures(form: FormModel, question: Question) -> Iterator[Expression]:
    for text in texts_of(form, question.label):
        yield from text.media_parts


def texts_of(form: FormModel, wording: Wording) -> Iterator[Translation]:
    """A wording in each language of the form."""
    if wording.key is None:
        yield Translation(wording.parts)
        return
    name = getattr((getattr(wording.key.term, "arguments", None) or (None,))[0], "value", None)
    for texts in form.translations.values():
        if isinstance(name, str) and name in texts:
            yield texts[name]


def shown_in(form: FormModel, question: Question) -> Iterator[Spot]:
    """The places whose answers are shown in the words of a question."""
    for text in texts_of(form, question.label):
        for part in text.parts:
            if isinstance(part, Expression):
                yield from (use.spot for use in uses_of(part, question.spot, form.root))
