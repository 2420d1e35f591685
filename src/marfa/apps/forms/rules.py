"""What a form works out, for whoever publishes it: each rule, in words, with what it reads."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marfa.apps.forms.answers import questions_of
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import FormVersion
from marfa.methods.xforms.model import Spot
from marfa.methods.xforms.uses import readings_of

KINDS: dict[str, Promise] = {
    "calculation": _("calculates"),
    "relevant": _("is asked only if"),
    "constraint": _("accepts only"),
    "required": _("must be answered if"),
    "read_only": _("cannot be changed if"),
    "repeat_count": _("is repeated"),
    "choice_filter": _("offers only"),
    "parameters": _("is put in order by"),
    "default": pgettext_lazy("a question of a form", "begins with"),
    "trigger": _("is set when an answer changes"),
    "media::image": _("shows a picture by"),
}


@dataclass(frozen=True)
class RuleShown:
    """what: the question or the value. kind: what the rule does. reads: the answers that it looks
    at. source: the rule as it is written."""

    what: str
    kind: Promise
    reads: tuple[str, ...]
    source: str


def rules_shown(version: FormVersion, language: str) -> list[RuleShown]:
    """Every rule of a version that works with answers, in the order of the form."""
    asked = questions_of(version, language)

    def named(spot: Spot) -> str:
        return asked.get(spot.path) or spot.name

    return [
        RuleShown(
            named(each.at),
            KINDS[each.column],
            tuple(dict.fromkeys(named(use.spot) for use in each.uses)),
            " ".join(each.source.split()),
        )
        for each in readings_of(model_of(version))
    ]
