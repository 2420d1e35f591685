"""The addresses of an OpenRosa server."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from marfa.apps.forms.actions.submissions import OtherBytesError, receive_submission
from marfa.apps.forms.instances import read_told
from marfa.apps.forms.models import FormMedia, FormVersion, Submission
from marfa.apps.forms.openrosa import documents
from marfa.apps.forms.openrosa.attachments import attach_part
from marfa.apps.forms.openrosa.authentication import Sender, for_devices
from marfa.apps.forms.openrosa.parts import LARGEST, PostError, read_parts
from marfa.apps.forms.policy_facts import the_form
from marfa.apps.forms.queries import offered_to_apps, version_sent
from marfa.domain.message import InputError, Message
from marfa.platform.files.memory_uploads import taken_in_memory
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose


@require_safe
@for_devices
def form_list(request: HttpRequest, sender: Sender) -> HttpResponse:
    """The forms that this person can fill in outside."""
    versions = offered_to_apps(
        sender.device.organisation_id,
        form_id=request.GET.get("formID"),
        all_versions=request.GET.get("listAllVersions", "").lower() == "true",
    )
    mine = [version for version in versions if _may_fill(sender, version)]
    return documents.form_list(request, mine, request.GET.get("verbose", "").lower() == "true")


@require_safe
@for_devices
def form(request: HttpRequest, sender: Sender, reference: str) -> HttpResponse:
    """One form, as its hash was made of it."""
    version = _offered(sender, reference)
    if version is None:
        return _unknown()
    return HttpResponse(version.xml.encode(), content_type="text/xml; charset=utf-8")


@require_safe
@for_devices
def manifest(request: HttpRequest, sender: Sender, reference: str) -> HttpResponse:
    """The files that a form shows."""
    version = _offered(sender, reference)
    if version is None:
        return _unknown()
    return documents.manifest_response(
        request, version.media.select_related("version").order_by("filename")
    )


@require_safe
@for_devices
def media(request: HttpRequest, sender: Sender, reference: str, filename: str) -> HttpResponse:
    """One of these files; never shown by a browser in our name."""
    version = _offered(sender, reference)
    found = FormMedia.objects.filter(version=version, filename=filename).first()
    if version is None or found is None:
        return _unknown()
    answer = HttpResponse(bytes(found.content), content_type=found.media_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = "attachment"
    return answer


@taken_in_memory(LARGEST)
@require_http_methods(["HEAD", "POST"])
@for_devices
def submission(request: HttpRequest, sender: Sender) -> HttpResponse:
    """Take in what was filled in; 201 once it is stored for good."""
    if request.method == "HEAD":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    try:
        return _take(request, sender)
    except PostError as error:
        return documents.refusal_response(error, error.status)
    except OtherBytesError as error:
        return documents.refusal_response(error, HTTPStatus.CONFLICT)
    except InputError as error:
        return documents.refusal_response(error, HTTPStatus.BAD_REQUEST)
    except DeniedError as error:
        return documents.message_response(error.decision.message, HTTPStatus.FORBIDDEN)


def _take(request: HttpRequest, sender: Sender) -> HttpResponse:
    parts = read_parts(request)
    told = read_told(parts.xml)
    version = version_sent(sender.device.organisation_id, told.form_id, told.version)
    if version is None:
        return documents.message_response(
            Message("apps.forms:version-unknown"), HTTPStatus.NOT_FOUND
        )
    if version.form.sensitive and not version.form.is_practice:
        return documents.message_response(
            Message("apps.forms:sensitive-not-here"), HTTPStatus.FORBIDDEN
        )
    received = receive_submission(
        actor=sender.actor,
        version=version,
        told=told,
        content=parts.xml,
        way=Submission.Way.OPENROSA,
    )
    for name, upload in parts.files:
        attach_part(actor=sender.actor, submission=received.submission, part=name, upload=upload)
    key = "received-again" if received.again and not parts.files else "received"
    return documents.message_response(Message(f"apps.forms:{key}"), HTTPStatus.CREATED)


def _offered(sender: Sender, reference: str) -> FormVersion | None:
    versions = offered_to_apps(sender.device.organisation_id, all_versions=True)
    version = versions.filter(reference=reference).first()
    return version if version is not None and _may_fill(sender, version) else None


def _may_fill(sender: Sender, version: FormVersion) -> bool:
    asked = {"on_record": True, "purpose": Purpose(version.form.purpose).value}
    return decide(sender.actor, "forms.fill", the_form(version.form), asked).allowed


def _unknown() -> HttpResponse:
    return documents.message_response(Message("apps.forms:form-unknown"), HTTPStatus.NOT_FOUND)
