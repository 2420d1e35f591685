"""Coded facts of registered people, without identity."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.platform.facts.columns import CodeColumn, FlagColumn
from marfa.platform.facts.models import PersonFact


class RegisteredFact(PersonFact):
    """A registered person, from the day of their arrival. ``present``: whether they are there."""

    displacement = CodeColumn(list_name="displacement_status")
    present = FlagColumn()
    without_care = FlagColumn()

    class Meta(PersonFact.Meta):
        verbose_name = _("fact of a registered person")
        verbose_name_plural = _("facts of registered persons")
