"""The forms about consent, other grounds and sharing. No answer is chosen beforehand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.forms import _radios
from marfa.apps.agreements.labels import code_choices, code_label, recipient_name
from marfa.apps.agreements.models.recipients import PURPOSES
from marfa.apps.agreements.queries import recipient_called, recipients_in_use
from marfa.apps.consents.consent_text import SET
from marfa.apps.consents.grounds import Age, age_of, verified_guardians
from marfa.apps.consents.labels import spoken_code
from marfa.apps.leaflets.packs import load_leaflets, usable_leaflets
from marfa.apps.problems import problem_sentences
from marfa.apps.registry.care import inverse_relationship
from marfa.apps.registry.models import Person, Relationship
from marfa.apps.registry.visibility import about_seen
from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.domain.languages import language_name
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor

OURSELVES = "us"
YES, NO = "yes", "no"
SPOKEN_TO = ((Addressee.FEMININE, _("Feminine")), (Addressee.MASCULINE, _("Masculine")))
DAYS = (
    ("14", _("two weeks")),
    ("30", _("a month")),
    ("90", _("three months")),
    ("180", _("half a year")),
    ("365", _("a year")),
)
LONGEST_TEXT = 4000
WIDELY_SPOKEN = (
    *("amh", "ara", "ben", "ckb", "eng", "fas", "fra", "fuc", "hau", "hin", "kur", "mya", "nep"),
    *("orm", "por", "pus", "rus", "som", "spa", "swa", "tgl", "tir", "tur", "ukr", "urd", "vie"),
    "zho",
)
"""Beside those of ``spoken_languages``, which CLDR does not name."""


def _purposes() -> list[tuple[str, str]]:
    return code_choices("purposes", PURPOSES)


def to_whom(*, ourselves: bool = True) -> list[tuple[str, str]]:
    """Recipients that can be named; first, where it is asked, the organisation itself."""
    named = [(each.reference, recipient_name(each)) for each in recipients_in_use()]
    return [(OURSELVES, recipient_name(None)), *named] if ourselves else named


def leaflet_languages() -> list[tuple[str, str]]:
    return [(each.language, each.name) for each in usable_leaflets(load_leaflets(SET))]


def spoken_languages() -> list[tuple[str, str]]:
    """Languages in which something is put to a person, by name; nothing is chosen beforehand."""
    reader = get_language() or SOURCE_LANGUAGE
    more = [(code, language_name(code, reader)) for code in WIDELY_SPOKEN]
    named = [*more, *codelist("spoken_languages").choices(reader)]
    return [("", ""), *sorted(named, key=lambda each: each[1])]


class AskForm(forms.Form):
    """What is asked, in which language, and whether the person can say no."""

    about = _radios(_("Purpose?"), _purposes)
    recipient = _radios(_("To whom?"), to_whom)
    record = forms.BooleanField(
        label=_("Also ask whether they may view the whole record"),
        help_text=_("Only for guest partners of this installation."),
        required=False,
    )
    circumstance = _radios(
        _("Can the person say no?"), lambda: code_choices("consent_circumstances")
    )
    language = _radios(_("Language of the person"), leaflet_languages)
    form = _radios(_("How is the person addressed?"), SPOKEN_TO)

    def clean_record(self) -> bool:
        """Nobody else than a guest partner can look at a record here."""
        asked = bool(self.cleaned_data["record"])
        to = recipient_called(self.cleaned_data.get("recipient", ""))
        if asked and (to is None or to.guest_id is None):
            error = InputError.at(Message("apps.consents:only-guests-see"), field="record")
            raise forms.ValidationError(problem_sentences(error)["record"])
        return asked


class AnswerForm(forms.Form):
    """How it was answered."""

    understood = _radios(
        _("Could the person say in their own words what it is about?"),
        ((YES, _("Yes")), (NO, _("No"))),
        _("Read the text aloud first, slowly."),
    )
    given_by = _radios(_("Who answers?"), lambda: code_choices("consent_givers"))
    guardian = forms.ChoiceField(
        label=_("Which parent or guardian?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("People whose relationship to the child was verified."),
    )
    child_view = forms.CharField(
        label=_("What does the child say about it?"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    no_doubt_of_age = forms.BooleanField(
        label=_("No one doubts that the person is an adult."),
        help_text=_(
            "Their age is not recorded. Tick this only if no one doubts it; in doubt, the "
            "person is treated as a child."
        ),
        required=False,
    )
    how = _radios(_("How?"), lambda: code_choices("consent_forms"))
    spoken = forms.ChoiceField(label=_("In which language was it explained to the person?"))
    interpreter = forms.CharField(
        label=_("Code of the interpreter"),
        help_text=_("Leave empty if there was none. Never a name."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, person: Person, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spoken"].choices = spoken_languages()  # type: ignore[attr-defined]
        age = age_of(person, clock.now())
        guardians = guardians_for(actor, person)
        self.guardians = {each.reference: each for each in guardians}
        self.fields["guardian"].choices = [  # type: ignore[attr-defined]
            (each.reference, _guardian(each, person)) for each in guardians
        ]
        if age is Age.ADULT:
            for name in ("guardian", "child_view"):
                del self.fields[name]
        elif not guardians:
            del self.fields["guardian"]
        if age is Age.NOT_KNOWN:
            self.fields["child_view"].label = _("If it is a child: what does the child say?")
        else:
            del self.fields["no_doubt_of_age"]


def guardians_for(actor: Actor, child: Person) -> list[Relationship]:
    """Who may answer for a child, of those of whom the reader may know."""
    rows = verified_guardians(child.pk).filter(about_seen(actor), about_seen(actor, "to"))
    return list(rows.select_related("person", "to"))


def _guardian(row: Relationship, child: Person) -> str:
    """What somebody is to the child, with their code: no name where others may look."""
    own = row.person_id == child.pk
    kind, other = (inverse_relationship(row.kind), row.to) if own else (row.kind, row.person)
    return f"{code_label('relationship_kinds', kind)} {spoken_code(other.code)}"


class WithdrawForm(forms.Form):
    """Who takes a consent back, and how."""

    given_by = _radios(_("Who withdraws it?"), lambda: code_choices("consent_givers"))
    how = _radios(_("How?"), lambda: code_choices("consent_forms"))


class BasisForm(forms.Form):
    """Another ground."""

    about = _radios(_("Purpose?"), _purposes)
    recipient = _radios(_("To whom?"), to_whom)
    ground = _radios(_("Why is consent not the ground?"), lambda: code_choices("basis_grounds"))
    reason = forms.CharField(
        label=_("The reason in your own words"),
        help_text=_("It is stored encrypted. Name others only where necessary."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    child_view = forms.CharField(
        label=_("What does the child say about it?"),
        help_text=_("If the ground is the child’s best interests."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    review = _radios(_("When is this reviewed?"), DAYS)


class ShareForm(forms.Form):
    """To whom something is sent, and for what."""

    recipient = _radios(_("To whom?"), lambda: to_whom(ourselves=False))
    about = _radios(_("Purpose?"), _purposes)
    opens = forms.ChoiceField(
        label=_("May a guest partner view the whole record?"),
        help_text=_("Only for guest partners, and if the person was asked for that, too."),
        choices=(("", _("No, only what is shown here")), *DAYS[:4]),
        required=False,
        widget=forms.RadioSelect,
    )


class ToldForm(forms.Form):
    """How a recipient was told."""

    how = _radios(
        _("How was it told?"), lambda: code_choices("consent_forms", ("spoken", "written"))
    )


class NoticeAnswerForm(forms.Form):
    """What the recipient says that it did."""

    answer = _radios(_("What does it say?"), lambda: code_choices("recall_answers"))


class CarryForm(forms.Form):
    """What the person says about carrying paper."""

    carry = _radios(
        _("Is it safe for you to carry a paper about yourself?"),
        (
            (YES, _("Yes. No one who could harm me sees what I carry.")),
            (NO, _("No, or I am not sure.")),
        ),
        _("Ask the person, and record their answer, not yours."),
    )
