"""The functions of ODK XForms, by name; which they are is told in docs/methods/forms.md."""

from __future__ import annotations

from collections.abc import Callable

from marfa.methods.xforms.xpath.focus import Focus, UnevaluableError, Value
from marfa.methods.xforms.xpath.functions.choice import LAZY
from marfa.methods.xforms.xpath.functions.labels import LABELS
from marfa.methods.xforms.xpath.functions.lists import LISTS
from marfa.methods.xforms.xpath.functions.moments import MOMENTS
from marfa.methods.xforms.xpath.functions.numbers import NUMBERS
from marfa.methods.xforms.xpath.functions.register import Function
from marfa.methods.xforms.xpath.functions.texts import TEXTS
from marfa.methods.xforms.xpath.syntax import Call

Runner = Callable[[Focus], Value]

FUNCTIONS: dict[str, Function] = {**LAZY, **LABELS, **LISTS, **MOMENTS, **NUMBERS, **TEXTS}

REFUSED = frozenset(
    {
        *("pulldata", "pull-data", "area", "distance", "geofence", "intersects", "enclosed-area"),
        *("digest", "extract-signed", "base64-decode", "randomize", "property", "version", "id"),
        *("lang", "name", "local-name", "namespace-uri", "last-saved"),
    }
)
"""Known functions that are refused, so that the refusal can say so. ``randomize`` is understood
around the choices of a question, and only there."""


def bind_call(call: Call, arguments: list[Runner]) -> Runner:
    """The call, ready to run.

    Raises UnevaluableError where the function is unknown, refused, or given too few or too many.
    """
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise UnevaluableError(
            "function-refused" if call.name in REFUSED else "function-unknown", call.name
        )
    if not function.least <= len(arguments) <= function.most:
        raise UnevaluableError("function-arguments", call.name)
    if function.paired and (len(arguments) - function.least) % 2:
        raise UnevaluableError("function-arguments", call.name)
    work, lazy = function.work, function.lazy
    if lazy is not None:
        return lambda focus: lazy(focus, arguments)
    if not arguments:
        return lambda focus: work(focus, [])
    return lambda focus: work(focus, [argument(focus) for argument in arguments])
