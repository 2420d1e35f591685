"""The pages of proceedings. Where there is no desk for protection, there are none."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from marfa.apps.manifest import Desk
from marfa.apps.proceedings import views

app_name = "proceedings"
urlpatterns: list[URLPattern] = []

if Desk.PROTECTION in settings.FOLDER.instance.desks:
    urlpatterns += [
        path("proceedings/<str:reference>/", views.show, name="show"),
        path("proceedings/<str:reference>/act/", views.write_act, name="write_act"),
        path("proceedings/act/<str:reference>/review/", views.review, name="review"),
        path("proceedings/act/<str:reference>/send/", views.send, name="send"),
    ]
