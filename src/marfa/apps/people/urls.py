"""The pages about people who are registered. Where nobody works with people, there are none."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from marfa.apps.people.pages import (
    belonging,
    changing,
    happening,
    person,
    picture,
    protecting,
    registered,
)
from marfa.apps.registry import Desk

AT = {Desk.RECEPTION, Desk.PROTECTION, Desk.INVESTIGATIONS}

app_name = "people"
urlpatterns: list[URLPattern] = []

if AT & set(settings.FOLDER.instance.desks):
    urlpatterns += [
        path("people/<str:reference>/", person.show, name="person"),
        path("people/<str:reference>/change/", changing.change, name="change"),
        path("people/<str:reference>/more/", changing.more, name="more"),
        path("people/<str:reference>/functioning/", changing.functioning, name="functioning"),
        path("people/<str:reference>/age/", happening.age, name="age"),
        path("people/<str:reference>/event/", happening.event, name="event"),
        path("people/<str:reference>/protection/", protecting.protection, name="protection"),
        path("people/<str:reference>/photo/", picture.photo, name="photo"),
        path("people/<str:reference>/photo/picture/", picture.shown, name="picture"),
        path("people/<str:reference>/birth/", happening.birth, name="birth"),
        path("people/<str:reference>/relate/", belonging.relate, name="relate"),
        path("people/<str:reference>/household/", belonging.join, name="join"),
        path("people/<str:reference>/add/<str:kind>/", changing.add_row, name="add_row"),
        path("people/row/<str:kind>/<str:reference>/", changing.row, name="row"),
        path("people/row/<str:kind>/<str:reference>/end/", changing.end, name="end_row"),
        path("people/relationship/<str:reference>/", belonging.relationship, name="relationship"),
        path("households/<str:reference>/", belonging.household, name="household"),
        path("households/<str:reference>/registered/", registered.household, name="registered"),
        path("people/<str:reference>/registered/", registered.one, name="one_registered"),
    ]
