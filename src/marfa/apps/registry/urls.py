"""The pages about people who are registered."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.registry.views import (
    continuous_registration,
    exclusions,
    households,
    person,
    person_rows,
    photograph,
    protection,
    registration_receipt,
)

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("people/<str:reference>/", person.show, name="person"),
    path("people/<str:reference>/change/", person_rows.change, name="change"),
    path("people/<str:reference>/more/", person_rows.more, name="more"),
    path("people/<str:reference>/functioning/", person_rows.functioning, name="functioning"),
    path("people/<str:reference>/age/", continuous_registration.age, name="age"),
    path("people/<str:reference>/event/", continuous_registration.event, name="event"),
    path("people/<str:reference>/protection/", protection.protection, name="protection"),
    path("people/<str:reference>/exclusions/", exclusions.exclusions, name="exclusions"),
    path("people/<str:reference>/photo/", photograph.photo, name="photo"),
    path("people/<str:reference>/photo/picture/", photograph.shown, name="picture"),
    path("people/<str:reference>/birth/", continuous_registration.birth, name="birth"),
    path("people/<str:reference>/relate/", households.relate, name="relate"),
    path("people/<str:reference>/household/", households.join, name="join"),
    path("people/<str:reference>/add/<str:kind>/", person_rows.add_row, name="add_row"),
    path("people/row/<str:kind>/<str:reference>/", person_rows.row, name="row"),
    path("people/row/<str:kind>/<str:reference>/end/", person_rows.end, name="end_row"),
    path("people/relationship/<str:reference>/", households.relationship, name="relationship"),
    path("households/<str:reference>/", households.household, name="household"),
    path(
        "households/<str:reference>/registered/", registration_receipt.household, name="registered"
    ),
    path("people/<str:reference>/registered/", registration_receipt.one, name="one_registered"),
]
