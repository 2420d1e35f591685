"""What was wrong with what a person sent, in their language and by field."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.utils.translation import get_language

from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.message import InputError
from marfa.platform.revisions.errors import ConflictError


def status_of(error: InputError) -> HTTPStatus:
    """How a page answers that shows again what was sent."""
    faster = isinstance(error, ConflictError)
    return HTTPStatus.CONFLICT if faster else HTTPStatus.UNPROCESSABLE_ENTITY


def problem_sentences(error: InputError) -> dict[str, str]:
    """Field -> sentence, in the reader's language; what belongs to no field stands under ``""``."""
    found: dict[str, str] = {}
    for problem in error.problems:
        place = problem.place.field or ""
        sentence = render_message(problem.message, get_language() or SOURCE_LANGUAGE)
        found[place] = f"{found[place]} {sentence}" if place in found else sentence
    return found


def add_problems(form: forms.Form, error: InputError) -> None:
    """What an action found wrong, at its fields."""
    for name, text in problem_sentences(error).items():
        form.add_error(name if name in form.fields else None, text)
