"""The pages of proceedings."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.proceedings import views

app_name = "proceedings"
urlpatterns: list[URLPattern] = [
    path("proceedings/<str:reference>/", views.show, name="show"),
    path("proceedings/<str:reference>/act/", views.write_act, name="write_act"),
    path("proceedings/act/<str:reference>/review/", views.review, name="review"),
    path("proceedings/act/<str:reference>/send/", views.send, name="send"),
]
