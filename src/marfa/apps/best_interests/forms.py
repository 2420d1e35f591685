"""The forms of the pages. Fields are named as the actions name what they take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.queries import recipients_in_use
from marfa.apps.assistance.views.plans import DayField
from marfa.apps.best_interests.agreement import AgreementFields
from marfa.apps.best_interests.models import (
    AdultDoubt,
    BestInterestsAssessment,
    CapacityNote,
    Determination,
    PanelMember,
    Representative,
)
from marfa.apps.cases.action_base import LONGEST
from marfa.apps.cases.views.common import code_choices
from marfa.apps.registry.choices import listed_only

Choices = Iterable[tuple[str, str | Promise]]
Label = str | Promise
US = "us"
NOBODY = "other"


def words(label: Label, hint: Label = "", *, needed: bool = False) -> forms.CharField:
    """What somebody writes in sentences."""
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=hint,  # type: ignore[arg-type]
        required=needed,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "dir": "auto"}),
    )


def line(label: Label, hint: Label = "", *, needed: bool = False) -> forms.CharField:
    """What somebody writes in a line."""
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=hint,  # type: ignore[arg-type]
        required=needed,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


def choice(
    label: Label, choices: Choices | Callable[[], Choices], hint: Label = "", *, needed: bool = True
) -> forms.ChoiceField:
    """One of a few."""
    return forms.ChoiceField(
        label=label,  # type: ignore[arg-type]
        choices=choices,
        help_text=hint,  # type: ignore[arg-type]
        required=needed,
        widget=forms.RadioSelect,
    )


def agencies() -> list[tuple[str, str]]:
    """Agencies that can be named, as they are called."""
    found = recipients_in_use()
    return sorted(((each.reference, recipient_name(each)) for each in found), key=lambda x: x[1])


REVIEW = _("Such as 3 May 2026 or 3/5/2026. After this day nothing rests on it any more.")


class RepresentativeForm(forms.Form):
    """Who is to speak for the child. ties: of whom the reader may know, by reference."""

    kind = choice(_("Who is it?"), Representative.Kind.choices)
    basis = choice(
        _("How were they appointed?"),
        Representative.Basis.choices,
        _("A guardian has a verified tie to the child, or an authority appointed them."),
    )
    relationship = choice(_("Which tie?"), (), _("Ties that were verified."), needed=False)
    appointed_by = line(_("Which authority appointed them?"))
    name = line(_("Name"), needed=True)
    reach = line(_("How are they reached?"), _("It is stored encrypted."), needed=True)
    since = DayField(label=_("From which day?"))
    until = DayField(
        label=_("Last day"), help_text=_("Leave empty if it is not known."), required=False
    )
    review_on = DayField(
        label=_("Review by"),
        help_text=_("When someone checks that they still act for the child, and are reached."),
    )

    def __init__(self, *args: Any, ties: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(ties)
        self.fields["relationship"].choices = found  # type: ignore[attr-defined]
        if not found:
            del self.fields["relationship"]


class DoubtForm(forms.Form):
    """An indicator that concerns an adult."""

    adult = choice(_("Which adult?"), ())
    who = line(_("Who is it?"), _("Only for an adult who is not registered."))
    sign = choice(_("What was seen?"), AdultDoubt.Sign.choices)
    text = words(_("What was seen or heard, and by whom?"), needed=True)

    def __init__(self, *args: Any, ties: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other = (NOBODY, _("an adult who is not registered"))
        self.fields["adult"].choices = [*ties, other]  # type: ignore[attr-defined]


class CapacityForm(forms.Form):
    """What was explained to the child."""

    about = line(_("On what is the child asked?"), needed=True)
    explained = words(
        _("How was it explained, in words that the child understands?"),
        _("What happens, what happens if the child says no, and that no costs nothing."),
        needed=True,
    )
    said = words(_("What did the child say or show?"))
    level = choice(_("Can the child decide on this?"), CapacityNote.Level.choices)


class AnswerForm(AgreementFields):
    """What was answered for the child."""

    about = line(
        _("What was asked?"), _("Such as school, a statement, or a treatment."), needed=True
    )
    text = words(_("How was it answered?"))

    field_order = ("about", "agreed_who", "agreed_answer", "agreed_on", "text")


class AgencyForm(forms.Form):
    """A decision in place of a guardian, prepared for a second person."""

    agency = choice(_("Which agency has the mandate?"), ())
    mandate = words(_("On what does its mandate rest?"), needed=True)
    why = words(_("Why can nobody be appointed guardian now?"), needed=True)
    what = line(_("What is to be decided?"), needed=True)
    child_view = words(_("What does the child think about it?"), needed=True)
    review_on = DayField(label=_("Review by"), help_text=REVIEW)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = (US, _("we ourselves"))
        self.fields["agency"].choices = [ours, *agencies()]  # type: ignore[attr-defined]


class AssessmentForm(forms.Form):
    """Quick: a sentence for each area, how safe the child is, and what is done now."""

    concern = choice(_("How safe is the child now?"), BestInterestsAssessment.Concern.choices)
    view_how = choice(
        _("How is it known what the child thinks?"), BestInterestsAssessment.ViewHow.choices
    )
    view = words(_("What does the child think and want?"), _("In the child’s own words."))
    follows = words(_("What is done now, and by whom?"), needed=True)
    review_on = DayField(label=_("Assess again by"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = code_choices("best_interests_domains")
        for code, label in areas:
            self.fields[code] = words(label, needed=code == "safety")
        self.order_fields(["concern", *(code for code, _label in areas), *self.base_fields])


class PrepareForm(forms.Form):
    """A matter on which is to be decided."""

    matter = choice(_("On which matter?"), listed_only("best_interests_matters"))
    question = words(_("What is to be decided?"), needed=True)
    about = choice(
        _("On which agency or authority?"),
        (),
        _("Where the decision is about one of them. It holds for this one alone."),
        needed=False,
    )
    named = line(
        _("Which authority, agency or relative is it about?"),
        _("In words, where it is none of those above."),
    )
    meanwhile = words(
        _("Who protects the child meanwhile?"),
        _("Needed where an authority is found unsafe: who, where, and reached how."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = ("", _("none of these"))
        self.fields["about"].choices = [none, *agencies()]  # type: ignore[attr-defined]


class DeterminationForm(forms.Form):
    """What is prepared, changed. Fields are named as the columns."""

    question = words(_("What is to be decided?"))
    named = line(_("Which authority, agency or relative is it about?"))
    meanwhile = words(_("Who protects the child meanwhile?"))
    view_how = choice(_("How is it known what the child thinks?"), Determination.ViewHow.choices)
    view = words(_("What does the child think and want?"), _("In the child’s own words."))
    weighed = words(_("How was the child’s view weighed?"))


class OptionForm(forms.Form):
    """One of the options. Fields are named as the columns."""

    name = line(_("Option"))
    speaks_for = words(_("What speaks for it?"))
    against = words(_("What speaks against it?"))
    safety = words(_("How safe is the child with it?"))
    view = words(_("What does the child think of it?"))


class MemberForm(forms.Form):
    """Somebody on the panel. colleagues: who can be chosen, by reference."""

    who = choice(_("Who?"), ())
    agency = choice(_("From which agency?"), (), needed=False)
    name = line(_("Name"), _("Only for someone of another agency."))
    role = choice(_("Role"), PanelMember.Role.choices)
    conflict = words(
        _("Conflict of interest"),
        _("What may stand against the child’s interests. Whoever has one stands back."),
    )

    def __init__(self, *args: Any, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other = (NOBODY, _("someone of another agency"))
        self.fields["who"].choices = [*colleagues, other]  # type: ignore[attr-defined]
        none = ("", _("our organisation"))
        self.fields["agency"].choices = [none, *agencies()]  # type: ignore[attr-defined]
