"""Fields of a sheet of people in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from marfa.apps.registry.forms import MoreForm, PaperNumberForm, RegisterForm, ToldForm
from marfa.apps.registry.labels import LABELS

_REGISTER, _TOLD, _MORE = (form.base_fields for form in (RegisterForm, ToldForm, MoreForm))

LABEL_OF: dict[str, Any] = {
    "name": _REGISTER["name"].label,
    "name_first": _("First name"),
    "name_middle": _("Middle name, or name of the father"),
    "name_last": _("Family name"),
    "other_name": _REGISTER["other_name"].label,
    "called": _("Name by which the person is called"),
    "sex": _REGISTER["sex"].label,
    "born": _REGISTER["born"].label,
    "age": _("Age"),
    "birth_basis": _REGISTER["basis"].label,
    "age_disputed": _REGISTER["age_disputed"].label,
    "languages": LABELS["languages"],
    "marital_status": _TOLD["marital_status"].label,
    "education": _TOLD["education"].label,
    "paper_kind": PaperNumberForm.base_fields["kind"].label,
    "paper_number": PaperNumberForm.base_fields["number"].label,
    "registration_number": _("Registration number of another organisation"),
    "phone": _("Telephone"),
    "birth_place": LABELS["birth_place"],
    **{name: field.label for name, field in _MORE.items()},
}
"""By field, in the words of the form that asks the same."""
