"""A spreadsheet that is much work: where it stands, and what can be done about it."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from marfa.apps.access import actor_in
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.forms.actions.uploads import discard_upload, resume_upload, stop_upload
from marfa.apps.forms.models import FormUpload
from marfa.apps.forms.upload_parts import Role, parts_of, problems_of
from marfa.apps.forms.uploads import conversion_of
from marfa.apps.forms.views.definitions import code_label, managers_only, problem_rows
from marfa.apps.organisations.queries import data_controller
from marfa.platform.jobs.models import Job

State = FormUpload.State


@form_view
@managers_only
def upload(request: HttpRequest, reference: str) -> HttpResponse:
    """How far a worker is with it, what is wrong with it, or the form that it became; stop it, have
    it tried again, delete it."""
    found = get_object_or_404(
        FormUpload.objects.select_related("version"),
        reference=reference,
        organisation=data_controller(),
    )
    if found.version is not None:
        return redirect("forms:version", reference=found.version.reference)
    page = FormPage(request, "forms/converting.html", context=partial(_shown, found))
    if request.POST.get("do") == "discard":
        return page.answer(partial(_change, request, found), done="forms:all")
    return page.answer(partial(_change, request, found))


def _change(request: HttpRequest, found: FormUpload) -> None:
    actor = actor_in(request)
    do = request.POST.get("do")
    if do == "discard":
        discard_upload(actor=actor, upload=found)
    elif do == "resume":
        resume_upload(actor=actor, upload=found)
    else:
        stop_upload(actor=actor, upload=found)


def _shown(found: FormUpload) -> dict[str, object]:
    found.refresh_from_db()
    job = conversion_of(found)
    waits = found.state == State.WAITING
    return {
        "upload": found,
        "name": parts_of(found, Role.SHEET)[0].name,
        "step": code_label("purposes", found.purpose),
        "failed": waits and (job is None or job.state in (Job.State.DEAD, Job.State.CANCELLED)),
        "runs": waits and job is not None and job.state == Job.State.RUNNING,
        "percent": job.progress_done if job is not None else 0,
        "problems": problem_rows(problems_of(found)),
    }
