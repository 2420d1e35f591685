"""Pages of sheets: what was printed, printing more, offering one to a person."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, require_permission_somewhere
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.materials import queries
from marfa.apps.materials.actions import Order, count_contact, order_copies
from marfa.apps.materials.forms import OrderForm
from marfa.apps.materials.models import PrintBatch
from marfa.apps.materials.sheets import file_name, pages_of, sheet_pdf
from marfa.apps.materials.wording import (
    LEAFLET,
    check_discreet,
    numbers_of,
    offered_languages,
    wording_for,
    wordings,
)
from marfa.apps.problems import problem_sentences
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor

givers_only = require_permission_somewhere(queries.COUNT, queries.places_to_give, queries.PURPOSE)


@form_view
@givers_only
def batches(request: HttpRequest) -> HttpResponse:
    """What was printed and how often people got in touch; counting one who did."""
    actor = actor_in(request)

    def shown() -> dict[str, object]:
        return {"rows": queries.shown_batches(actor), "few": queries.FEW}

    page = FormPage(request, "materials/batches.html", context=shown)
    count = partial(_count, actor, request)
    return page.answer(count, said=_("The contact was counted. Who it was is not kept."))


def _count(actor: Actor, request: HttpRequest) -> None:
    count_contact(actor=actor, code=request.POST.get("code", ""))


@form_view
@givers_only
def order(request: HttpRequest) -> HttpResponse:
    """Printing at least 200 copies of a sheet."""
    actor = actor_in(request)
    form = OrderForm(data_of(request), sites=queries.sites_to_print(actor))

    def act() -> HttpResponse:
        made = order_copies(actor=actor, order=Order(**form.cleaned_data))
        return redirect("materials:one", reference=made.reference)

    return FormPage(request, "materials/order.html", form).answer(act)


@require_safe
@givers_only
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One batch: its file, its code, and whether it may still be given."""
    batch = get_object_or_404(queries.batches_of(actor_in(request)), reference=reference)
    found = queries.shown_batch(batch)
    context = {"found": found, "batch": batch, "few": queries.FEW, "pages": pages_of(batch)}
    return render(request, "materials/one.html", context)


@require_safe
@givers_only
def file(request: HttpRequest, reference: str) -> HttpResponse:
    """The sheet as PDF, while its words and numbers are those that it was ordered with."""
    batch = get_object_or_404(queries.batches_of(actor_in(request)), reference=reference)
    try:
        wording = wording_for(batch.language, batch.addressee)
        numbers = numbers_of(batch.site, batch.material)
        if batch.tone == PrintBatch.Tone.DISCREET:
            check_discreet(wording, batch, numbers)
        if queries.shown_batch(batch).outdated:
            raise InputError.at(Message("apps.materials:outdated"))
        made = sheet_pdf(batch, wording, numbers)
    except InputError as error:
        context = {"refused": problem_sentences(error).values(), "batch": batch}
        return render(request, "materials/no_file.html", context, status=422)
    answer = HttpResponse(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(batch)}"'
    return answer


@require_safe
@givers_only
def offer(request: HttpRequest) -> HttpResponse:
    """Offering a sheet to everyone: first whether it is safe to carry, then paper, or words."""
    actor = actor_in(request)
    sites = queries.sites_to_print(actor)
    site = next((each for each in sites if each.reference == request.GET.get("site")), None)
    site = site or (sites[0] if sites else None)
    languages = dict(offered_languages())
    chosen = request.GET.get("language", get_language() or "")
    language = chosen if chosen in languages else next(iter(languages), "")
    form = request.GET.get("form", "")
    addressee = Addressee(form) if form in list(Addressee) else Addressee.FEMININE
    context: dict[str, object] = {
        "sites": sites,
        "site": site,
        "languages": languages.items(),
        "language": language,
        "addressee": addressee,
        "safe": request.GET.get("safe", ""),
        "draft": bool(language and wordings()[language].drafts),
    }
    try:
        if site is not None and request.GET.get("safe"):
            wording, numbers = wording_for(language, addressee), numbers_of(site)
            context |= {
                "words_direction": wording.leaflet.direction,
                "lines": [wording.say(key) for key in LEAFLET],
                "carry": wording.say("carry"),
                "message": wording.say("message", phone=numbers[0].phone),
                "numbers": numbers,
            }
    except InputError as error:
        context["refused"] = problem_sentences(error).values()
    return render(request, "materials/offer.html", context)
