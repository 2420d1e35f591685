"""The pages of tracing, among those of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.tracing.views import claims, partings, requests, reunification

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/<str:reference>/relatives/add/", claims.add, name="add_relative"),
    path("cases/relatives/<str:reference>/", claims.relative, name="relative"),
    path("cases/relatives/<str:reference>/risks/", reunification.risks, name="family_risks"),
    path("cases/relatives/<str:reference>/back/", reunification.prepare, name="reunify"),
    path("cases/relatives/decisions/<str:reference>/", claims.decision, name="relative_decision"),
    path(
        "cases/reunifications/<str:reference>/", reunification.reunification, name="reunification"
    ),
    path("cases/family-visits/<str:reference>/", reunification.visit, name="family_visit"),
    path("cases/<str:reference>/look-for/", requests.look_for, name="look_for"),
    path("cases/<str:reference>/never-through/", requests.never, name="never_through"),
    path("cases/tracing/<str:reference>/", requests.tracing, name="tracing"),
    path("cases/tracing/<str:reference>/give/", requests.share, name="share_tracing"),
    path("cases/<str:reference>/apart/", partings.ask, name="ask_parting"),
    path("cases/apart/<str:reference>/", partings.parting, name="parting"),
]
