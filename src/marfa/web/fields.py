"""What a form's field is when it is drawn: its label, hint, value, choices and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext

from marfa.domain.message import InputError

Choices = Iterable[tuple[object, object]]
WIDGETS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.EmailInput, "email"),
    (forms.NumberInput, "number"),
)
REQUIRED = forms.Field.default_error_messages["required"]
OF_THE_BROWSER = ("datetime-local", "file")
"""Kinds of input for which the browser has a control of its own."""
GROUPS = frozenset({"radios", "checkboxes", "date"})
DATE_PARTS = ("day", "month", "year")


@dataclass(frozen=True)
class AnswerChoice:
    """One answer of several, and whether it is the one that was given."""

    value: str
    label: object
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A field as its template needs it. ``id`` is where the error summary leads to.

    own_id: where one page has several forms with a field of this name. shared_hint: id of a hint
    that stands on the page once, for several fields.
    """

    name: str
    label: object
    kind: str = "text"
    value: object = ""
    hint: object = ""
    error: object = ""
    choices: tuple[AnswerChoice, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)
    own_id: str = ""
    shared_hint: str = ""

    @property
    def id(self) -> str:
        return self.own_id or field_id(self.name)

    @property
    def first(self) -> str:
        """The id that receives the focus: a group's first input."""
        return f"{self.id}-0" if self.kind in GROUPS else self.id

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, in the order in which they are read out."""
        parts = (("hint", self.hint), ("error", self.error))
        own = (f"{self.id}-{part}" for part, text in parts if text)
        return " ".join(filter(None, (self.shared_hint, *own)))


def field_id(name: str) -> str:
    """The id of a field's input in the page."""
    return f"f-{name}"


def from_bound(bound: BoundField, **given: object) -> Field:
    """A field of a Django form, with what the template says over it."""
    widget, kind = bound.field.widget, _kind(bound)
    attributes = {
        name: value
        for name, value in widget.attrs.items()
        if value not in (None, False) and name != "cols"
    }
    if getattr(bound.field, "max_length", None) and kind in ("text", "textarea", "email"):
        attributes.setdefault("maxlength", bound.field.max_length)  # type: ignore[attr-defined]
    choices = getattr(bound.field, "choices", ())
    plain = {
        "label": bound.label,
        "hint": bound.help_text,
        "error": " ".join(str(error_sentence(bound, each)) for each in bound.errors.as_data()),
        "kind": kind,
        "value": bound.value(),
        "choices": choices,
        **attributes,
    }
    return make_field(bound.html_name, **{**plain, **given})


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    native = getattr(widget, "input_type", "")
    otherwise = native if native in OF_THE_BROWSER else "text"
    return next((kind for of, kind in WIDGETS if isinstance(widget, of)), otherwise)


def error_sentence(bound: BoundField, error: ValidationError) -> str:
    """What is wrong with a field. Where an answer is missing, the sentence names the field,
    unless the form has a sentence of its own for it."""
    sentence = " ".join(str(each) for each in error.messages)
    if error.code != "required" or sentence != str(REQUIRED):
        return sentence
    return missing_answer(bound.label, _kind(bound))


def missing_answer(label: object, kind: str = "text") -> str:
    """That an answer is missing, and what to do about it. kind: as of a field."""
    of = {"field": _topic(label, ask=True)}
    if kind in ("radios", "select"):
        return gettext("“%(field)s” has no answer yet. Choose one.") % of
    if kind == "checkboxes":
        return gettext("“%(field)s” has no answer yet. Choose at least one.") % of
    if kind == "checkbox":
        return gettext("“%(field)s” is not ticked. It is required to continue.") % of
    if kind == "file":
        return gettext("“%(field)s”: no file is chosen yet. Choose one.") % of
    return gettext("“%(field)s” is still empty. Fill it in.") % of


def make_field(
    name: str,
    *,
    label: object,
    kind: str = "text",
    value: object = "",
    hint: object = "",
    error: object = "",
    choices: object = (),
    **attributes: object,
) -> Field:
    """A field from plain values; ``attributes`` go to the input as they are, but for an ``id``,
    which is the field's own, and ``shared_hint``."""
    shown = "" if value is None else value
    own_id, shared_hint = str(attributes.pop("id", "")), str(attributes.pop("shared_hint", ""))
    return Field(
        name=name,
        label=label,
        kind=kind,
        value=shown,
        hint=hint,
        error=error,
        choices=tuple(_choices(kind, shown, choices)),
        attributes={
            key.replace("_", "-"): value for key, value in attributes.items() if value is not False
        },
        own_id=own_id,
        shared_hint=shared_hint,
    )


def _choices(kind: str, value: object, choices: object) -> Iterable[AnswerChoice]:
    several = kind == "checkboxes" and isinstance(value, (list, tuple, set, frozenset))
    given = {str(each) for each in value} if several else {str(value)}  # type: ignore[attr-defined]
    for code, label in choices if isinstance(choices, Iterable) else ():
        yield AnswerChoice(str(code), label, str(code) in given)


def _topic(label: object, *, ask: bool = False) -> str:
    """A label as the beginning of a sentence about it. ask: it stands as it is asked."""
    return str(label).rstrip(" .:" if ask else " .:?؟")


def summary_problems(source: object) -> list[tuple[str, object]]:
    """Places and sentences for the error summary; an empty place stands for the whole form.

    source: a Django form, an InputError, a mapping of names to sentences, or nothing.
    """
    if isinstance(source, forms.BaseForm):
        return [
            _problem(source, name, error)
            for name, errors in source.errors.as_data().items()
            for error in errors
        ]
    if isinstance(source, InputError):
        from marfa.apps.problems import problem_sentences

        return list(problem_sentences(source).items())
    return [(name, text) for name, text in source.items()] if isinstance(source, Mapping) else []


def _problem(form: forms.BaseForm, name: str, error: ValidationError) -> tuple[str, str]:
    if name == "__all__":
        return "", " ".join(error.messages)
    bound, sentence = form[name], " ".join(error.messages)
    words = error_sentence(bound, error)
    return bound.html_name, words if words != sentence else f"{_topic(bound.label)}: {sentence}"
