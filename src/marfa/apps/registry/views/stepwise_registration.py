"""Registration of one person with one question a page.

Each page keeps its answers in the draft of the form that has all of them (``single``), so that who
closes the lid, or goes over to a desk, finds them there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_pages.drafts import Keeping
from marfa.apps.form_pages.values import display_value, in_words, submitted_texts, values_from_draft
from marfa.apps.form_view import form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.registry.forms import RegisterForm
from marfa.apps.registry.purposes import sites_of
from marfa.apps.registry.views.person_registration import FORM
from marfa.apps.registry.views.submissions import key_of, wrong_site
from marfa.platform.revisions.errors import DraftMovedError
from marfa.platform.rowsecurity.ownership import Owner

Word = str | Promise


@dataclass(frozen=True)
class Step:
    """One page. fields: of RegisterForm."""

    label: Word
    fields: tuple[str, ...]


STEPS = (
    Step(gettext_lazy("Name"), ("name", "other_name")),
    Step(gettext_lazy("Sex"), ("sex",)),
    Step(gettext_lazy("Age"), ("born", "basis", "age_disputed")),
    Step(gettext_lazy("Languages"), ("languages",)),
)
CHECK = gettext_lazy("Check your answers")


@form_view
@at_desk(Desk.RECEPTION)
def step(request: HttpRequest, number: int) -> HttpResponse:
    """One question; its answer is kept in the draft before the next one is shown."""
    held, _sites = _held(request)
    if not 1 <= number <= len(STEPS):
        raise Http404
    if request.method != "POST":
        return _page(request, held, number, _only(number, initial=_stored(held)))
    refused = held.check_person()
    if refused is not None:
        return refused
    act = request.POST.get("do", "on")
    if act not in ("on", "draft"):
        raise SuspiciousOperation
    if act == "draft":
        return held.keep({**_content(held), **_sent(request, number)})
    form = _only(number, data=request.POST)
    if not form.is_valid():
        return _page(request, held, number, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _store(request, held, number)
    except DraftMovedError as error:
        form.add_error(None, in_words(error))
        return _page(request, held, number, form, HTTPStatus.CONFLICT)
    if number == len(STEPS) or request.POST.get("back") == "check":
        return redirect("reception:check")
    return redirect("reception:step", number=number + 1)


@require_safe
@at_desk(Desk.RECEPTION)
def check(request: HttpRequest) -> HttpResponse:
    """All answers, each with the way to change it. The button sends them as the one page does."""
    held, sites = _held(request)
    draft = held.found()
    if draft is None:
        return redirect("reception:step", number=1)
    content = draft.content
    texts = {name: content.get(name) or [] for name in RegisterForm.base_fields}
    context = {
        "answers": list(_answers(content)),
        "sent": texts,
        "batch": key_of(str(content.get("batch") or "")),
        "site": content.get("site") or sites[0].reference,
        "sites": [(each.reference, each.name) for each in sites],
        "wrong_site": wrong_site(str(content.get("site") or ""), sites),
        "draft_version": draft.version,
        "person": held.user.reference,
        "labels": [each.label for each in STEPS],
        "last": len(STEPS) + 1,
    }
    return render(request, "registry/register_check.html", context)


def _held(request: HttpRequest) -> tuple[Keeping, list[Site]]:
    sites = sites_of(actor_in(request))
    if not sites:
        raise PermissionDenied
    return Keeping(request, FORM, Owner(sites[0].organisation_id)), sites


def _content(held: Keeping) -> dict[str, object]:
    """What is in the draft, with the number by which the form is registered once."""
    draft = held.found()
    found: dict[str, object] = dict(draft.content) if draft else {}
    return {**found, "batch": found.get("batch") or str(key_of(""))}


def _store(request: HttpRequest, held: Keeping, number: int) -> None:
    """Put the answers of this page into the draft as it is now: the page itself may have kept it
    a moment ago. Raises DraftMovedError where somebody does so at this very moment."""
    draft = held.found()
    content = {**_content(held), **_sent(request, number)}
    held.store(content, seen=draft.version if draft else 0)


def _stored(held: Keeping) -> dict[str, object]:
    return values_from_draft(RegisterForm, _content(held))


def _sent(request: HttpRequest, number: int) -> Mapping[str, object]:
    """What was typed on this page and no more."""
    every = submitted_texts(RegisterForm, request.POST)
    return {name: every[name] for name in STEPS[number - 1].fields}


def _only(number: int, **given: object) -> RegisterForm:
    """The form with the fields of one page."""
    form = RegisterForm(**given)  # type: ignore[arg-type]
    for name in set(form.fields) - set(STEPS[number - 1].fields):
        del form.fields[name]
    return form


def _answers(content: Mapping[str, object]) -> Iterator[tuple[Word, str, str]]:
    """Question, answer in words, and the page on which it is changed."""
    values = values_from_draft(RegisterForm, content)
    form = RegisterForm()
    for number, each in enumerate(STEPS, 1):
        where = f"{reverse('reception:step', args=[number])}?back=check"
        for name in each.fields:
            value = values.get(name)
            said = (
                (_("yes") if value else _("no"))
                if name == "age_disputed"
                else _word(form, name, value)
            )
            yield form.fields[name].label or "", said, where


def _word(form: RegisterForm, name: str, value: object) -> str:
    return _("not said") if value in (None, "", []) else str(display_value(form, name, value))


def _answer_buttons(form: RegisterForm, number: int) -> list[tuple[str, object, bool]]:
    """Code, words and whether it is the answer now, of a page with one choice alone: there the
    answer is the button that keeps it and goes on."""
    if STEPS[number - 1].fields != ("sex",):
        return []
    bound = form["sex"]
    choices = getattr(form.fields["sex"], "choices", ())
    return [(code, label, code == bound.value()) for code, label in choices if code]


def _page(
    request: HttpRequest,
    held: Keeping,
    number: int,
    form: RegisterForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    draft = held.found()
    back = request.POST.get("back") or request.GET.get("back") or ""
    before = (
        reverse("reception:person") if number == 1 else reverse("reception:step", args=[number - 1])
    )
    context = {
        "form": form,
        "number": number,
        "labels": [each.label for each in STEPS],
        "alone": len(STEPS[number - 1].fields) == 1,
        "answers": _answer_buttons(form, number),
        "title": STEPS[number - 1].label,
        "back": back if back == "check" else "",
        "before": reverse("reception:check") if back == "check" else before,
        "draft_version": request.POST.get("draft_version") or (draft.version if draft else 0),
        "person": held.user.reference,
    }
    return render(request, "registry/register_step.html", context, status=status)
