"""One's own devices with apps of others."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from marfa.apps.access import actor_in, current_user, proved_again
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.forms.actions.devices import connect_device, devices_in_use, revoke_device
from marfa.apps.forms.actions.submissions import FILLS_IN
from marfa.apps.forms.models import Device
from marfa.apps.organisations.models import Organisation
from marfa.domain.message import InputError, Message


@form_view
def devices(request: HttpRequest) -> HttpResponseBase:
    """The devices that send in one's name."""
    current_user(request)
    page = FormPage(request, "forms/devices.html", context=partial(_devices, request))
    return page.answer(partial(_connect, request))


@proved_again
def _connect(request: HttpRequest) -> HttpResponseBase:
    """Let one more send; its password is shown now and never again."""
    organisations = _organisations(request)
    if not organisations:
        raise InputError.at(Message("apps.forms:no-role-fills-in"))
    made = connect_device(
        actor=actor_in(request),
        user=current_user(request),
        organisation=organisations[0],
        label=request.POST.get("label", ""),
    )
    address = request.build_absolute_uri(reverse("openrosa:list")).removesuffix("/formList")
    context = {"device": made.device, "password": made.password, "address": address}
    return render(request, "forms/connected.html", context)


def _devices(request: HttpRequest) -> dict[str, object]:
    return {
        "devices": devices_in_use(current_user(request)),
        "may": bool(_organisations(request)),
        "typed": request.POST.get("label", ""),
    }


def _organisations(request: HttpRequest) -> list[Organisation]:
    """Those for which this person fills in forms, the controller first."""
    keys = {held.organisation for held in actor_in(request).roles if held.role in FILLS_IN}
    return list(Organisation.objects.filter(pk__in=keys).order_by("kind", "name"))


@require_POST
def end_device(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a device of one's own: it was lost, or is not used any more."""
    found = get_object_or_404(
        Device.objects.select_related("organisation"),
        user=current_user(request),
        reference=reference,
    )
    revoke_device(actor=actor_in(request), device=found)
    return redirect("forms:devices")
