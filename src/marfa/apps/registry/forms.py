"""The forms about one person. Every answer may stay empty: what is not known is not made up."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.registry.birth_field import BirthField
from marfa.apps.registry.choices import listed_only, optional_code_choices
from marfa.apps.registry.form_fields import CitizenshipsField, FunctioningField
from marfa.apps.registry.labels import LABELS, language_options
from marfa.apps.registry.models import ContactPoint, Registration, Relationship

LONGEST = 200
ONLY_HELPS = _("It may be a reason to help. It lowers and delays nothing.")


def text_field(label: object, hint: object = "", **given: object) -> forms.CharField:
    """A line of text in any script."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"})
    plain = {"required": False, "max_length": LONGEST, "widget": widget, "help_text": hint}
    return forms.CharField(label=label, **{**plain, **given})  # type: ignore[arg-type]


def code_field(label: object, name: str, hint: object = "", **given: object) -> forms.ChoiceField:
    """One code of a list, or no answer."""
    plain = {"required": False, "choices": optional_code_choices(name), "help_text": hint}
    return forms.ChoiceField(label=label, **{**plain, **given})  # type: ignore[arg-type]


class RegisterForm(forms.Form):
    """One person at the gate. It asks nothing sensitive."""

    name = text_field(_("Name of the person"), _("As they write or say it, in any script."))
    other_name = text_field(_("The same name in another script, or as in a document"))
    sex = code_field(_("Sex"), "sex")
    born = BirthField()
    basis = code_field(_("How is the age known?"), "birth_bases")
    age_disputed = forms.BooleanField(
        label=_("The age is in doubt"),
        help_text=_("In doubt, the person is treated as a child until that is decided."),
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("Which languages does the person speak?"),
        choices=language_options,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ToldForm(forms.Form):
    """What was told at the gate, put right. Fields are named as the columns of a person."""

    sex = code_field(LABELS["sex"], "sex", choices=listed_only("sex"))
    born = BirthField()
    birth_basis = code_field(LABELS["birth_basis"], "birth_bases")
    birth_place = text_field(LABELS["birth_place"])
    languages = forms.MultipleChoiceField(
        label=LABELS["languages"],
        choices=language_options,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    marital_status = code_field(LABELS["marital_status"], "prs_marital_status")
    education = code_field(LABELS["education"], "prs_highest_level_of_education")


class MoreForm(forms.Form):
    """What only those see and write who help the person."""

    gender = code_field(LABELS["gender"], "prs_gender")
    interpreter = text_field(LABELS["interpreter"])
    citizenships = CitizenshipsField(
        label=LABELS["citizenships"],
        help_text=_("For documents and protection. Nothing is decided by it."),
    )
    statelessness = code_field(LABELS["statelessness"], "statelessness", ONLY_HELPS)
    displacement = code_field(LABELS["displacement"], "displacement_status", ONLY_HELPS)
    migration_status = code_field(
        LABELS["migration_status"], "migration_protection_status", ONLY_HELPS
    )


class FunctioningForm(forms.Form):
    """The six questions of the Washington Group short set."""

    functioning = FunctioningField(label=LABELS["functioning"])


class NameForm(forms.Form):
    """One name in one script."""

    kind = code_field(_("Type of name"), "name_kinds", choices=listed_only("name_kinds"))
    text = text_field(_("Name, in any script"), required=True)


class PaperNumberForm(forms.Form):
    """A paper, as registration sees it."""

    kind = code_field(
        _("Type of document"),
        "identity_documents",
        choices=listed_only("identity_documents"),
    )
    number = text_field(LABELS["number"])


class PaperForm(PaperNumberForm):
    """A paper, and who holds it."""

    held_by = code_field(LABELS["held_by"], "document_holders")


class ContactForm(forms.Form):
    """A way to reach the person, as registration sees it: first whether it is safe."""

    safety = forms.ChoiceField(
        label=_("Did the person say that it is safe to use?"),
        choices=ContactPoint.Safety.choices,
        # Nobody presses a button and has thereby said that it is safe.
        initial=ContactPoint.Safety.NOT_ASKED,
    )
    kind = code_field(LABELS["kind"], "contact_kinds", choices=listed_only("contact_kinds"))
    value = text_field(LABELS["value"], required=True)
    whose = text_field(_("Whose it is, or who else may answer"))
    when = text_field(LABELS["when"])


class ContactRulesForm(ContactForm):
    """The same, with what to say and what never to do."""

    words = text_field(LABELS["words"])
    avoid = text_field(LABELS["avoid"])


class EventForm(forms.Form):
    """What happened, and when."""

    event = forms.ChoiceField(label=_("What happened?"), widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("When?"),
        help_text=_("Leave empty for today."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, possible: Collection[Registration.Event]) -> None:
        super().__init__(data)
        self.offer(possible)

    def offer(self, possible: Collection[Registration.Event]) -> None:
        """What may be chosen, in the order of the list."""
        field = self.fields["event"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [
            (each.value, each.label) for each in Registration.Event if each in possible
        ]


class BirthForm(forms.Form):
    """A child who was born here."""

    name = text_field(_("Name of the child"), _("It may stay empty."))
    sex = code_field(LABELS["sex"], "sex")
    born = BirthField(label=_("Date of birth"))


class AgeForm(forms.Form):
    """What was decided about an age in doubt."""

    born = BirthField(required=True)
    basis = code_field(LABELS["birth_basis"], "birth_bases", choices=listed_only("birth_bases"))


class RelateForm(forms.Form):
    """What somebody else says to be to the person."""

    code = text_field(_("Code of the other person"), required=True)
    kind = code_field(
        _("The other is their"),
        "relationship_kinds",
        choices=listed_only("relationship_kinds"),
    )
    accompanies = forms.BooleanField(
        label=_("Came with them and says that they care for them"), required=False
    )


class SettleForm(forms.Form):
    """Whether a claim is so, and how that was found out."""

    state = forms.ChoiceField(
        label=_("What was found?"),
        choices=[
            (Relationship.State.VERIFIED, _("verified")),
            (Relationship.State.REFUTED, _("found to be incorrect")),
        ],
        widget=forms.RadioSelect,
    )
    basis = text_field(
        _("How was this found out?"),
        _("Such as: family book seen; both told it separately."),
        required=True,
    )


class JoinForm(forms.Form):
    """The household to which somebody belongs from now on."""

    code = text_field(_("Code of the household"), required=True)
