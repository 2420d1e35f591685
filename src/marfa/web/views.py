"""Pages of the shell itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from marfa.apps.access import at_desk, current_user
from marfa.apps.registry import Desk, my_work, navigation
from marfa.web.desks import TEXTS, desks_for
from marfa.web.middleware import bare_page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My work first, then the desks."""
    user = current_user(request)
    desks = [(desk, TEXTS[desk]) for desk in desks_for(user)]
    return render(request, "home.html", {"work": my_work(user), "desks": desks})


class DeskPage(TemplateView):
    """The landing page of one desk."""

    template_name = "desk.html"
    desk = Desk.ADMINISTRATION

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return at_desk(self.desk)(super().dispatch)(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            desk=self.desk, text=TEXTS[self.desk], items=navigation(self.desk), **kwargs
        )


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For the one who watches the server: it answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(bare_page("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
