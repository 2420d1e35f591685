"""The reference of submissions.py: a bare view of Django that stores the same bytes in one row."""

from __future__ import annotations

import os
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path


def store(request: HttpRequest) -> HttpResponse:
    """One statement, committed at once."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare (content) VALUES (%s)", [request.body])
    return HttpResponse(status=201)


urlpatterns = [path("openrosa/submission", store)]


def configured() -> Any:
    """The application, on the database that BARE_HOST names by its socket."""
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        SECRET_KEY=os.urandom(16).hex(),
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "bare",
                "USER": "marfa",
                "HOST": os.environ["BARE_HOST"],
                "CONN_MAX_AGE": None,
            }
        },
    )
    django.setup()
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()


application = configured()
