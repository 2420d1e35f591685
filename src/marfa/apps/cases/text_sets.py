"""The texts of this app that are reviewed before a real person hears them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.assessment_guide import HERE, SET
from marfa.apps.leaflets.packs import read_packs
from marfa.apps.texts.sets import TextSet, folder_sets
from marfa.domain.message import Message
from marfa.methods.screening.checks import problems_of_text
from marfa.methods.screening.instrument import Setting
from marfa.methods.screening.text_packs import Pack, Text


def text_sets() -> list[TextSet]:
    """The questions of the individual assessment."""
    (asked,) = folder_sets(
        _read,
        (
            SET,
            _("Questions of the assessment"),
            _("Put to a person by who works in protection, to find out what they need."),
        ),
    )
    return [replace(asked, check=_check)]


def _read(name: str) -> Mapping[str, Pack]:
    return read_packs(name, HERE / "texts")


def _check(pack: Pack, key: str, text: Text) -> Iterable[Message]:
    return problems_of_text(pack, key, text, Setting.ASSESSMENT) if pack.own else ()
