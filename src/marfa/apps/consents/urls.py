"""The pages of consent and sharing."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.agreements.views import recipients
from marfa.apps.consents.views import answers, disclosures, notices, overview, summary

app_name = "consents"
urlpatterns: list[URLPattern] = [
    path("consent/notices/", notices.every, name="notices"),
    path("consent/notices/<str:reference>/", notices.one, name="notice"),
    path("consent/recipients/", recipients.every, name="recipients"),
    path("consent/recipients/add/", recipients.add, name="add_recipient"),
    path("consent/recipients/<str:reference>/", recipients.one, name="recipient"),
    path("consent/recipients/<str:reference>/end/", recipients.end, name="end_recipient"),
    path("consent/agreements/<str:reference>/end/", recipients.stop, name="end_agreement"),
    path("consent/of/<str:reference>/", overview.of, name="of"),
    path("consent/of/<str:reference>/ask/", answers.ask, name="ask"),
    path("consent/of/<str:reference>/answer/", answers.answer, name="answer"),
    path("consent/of/<str:reference>/refused/", answers.refused, name="refused"),
    path("consent/of/<str:reference>/ground/", overview.ground, name="ground"),
    path("consent/of/<str:reference>/share/", disclosures.share, name="share"),
    path("consent/of/<str:reference>/summary/", summary.on_screen, name="summary"),
    path("consent/of/<str:reference>/carry/", summary.carry, name="carry"),
    path("consent/of/<str:reference>/paper/", summary.paper, name="paper"),
    path("consent/of/<str:reference>/<str:consent>/withdraw/", answers.withdraw, name="withdraw"),
    path(
        "consent/of/<str:reference>/<str:consent>/withdrawn/", answers.withdrawn, name="withdrawn"
    ),
    path(
        "consent/of/<str:reference>/grounds/<str:basis>/end/",
        overview.end_ground,
        name="end_ground",
    ),
]
