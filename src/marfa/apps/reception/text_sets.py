"""The texts of this app that are reviewed before a real person hears them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from marfa.apps.leaflets.packs import read_packs
from marfa.apps.reception.questions import CLOSING, OWN, SET
from marfa.apps.texts.sets import TextSet, folder_sets
from marfa.domain.message import Message
from marfa.methods.screening.checks import problems_of_text
from marfa.methods.screening.instrument import Setting
from marfa.methods.screening.text_packs import Pack, Text


def text_sets() -> list[TextSet]:
    """The questions of the private conversation, and what is said at its end."""
    asked, closing = folder_sets(
        _read,
        (
            SET,
            _("Questions of the private conversation"),
            _("Put to a person alone, at reception. An answer may call for help at once."),
        ),
        (CLOSING, _("Last words of the private conversation"), _("Read out at its end.")),
    )
    return [replace(asked, check=_check), closing]


def _read(name: str) -> Mapping[str, Pack]:
    return read_packs(name, OWN)


def _check(pack: Pack, key: str, text: Text) -> Iterable[Message]:
    return problems_of_text(pack, key, text, Setting.RECEPTION) if pack.own else ()
