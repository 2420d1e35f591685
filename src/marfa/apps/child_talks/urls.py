"""The pages of talks with children."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.child_talks.views import talks, trainings

app_name = "child_talks"
urlpatterns: list[URLPattern] = [
    path("talks-with-children/trained/", trainings.trainings, name="trainings"),
    path("talks-with-children/settings/", trainings.settings_page, name="settings"),
    path("talks-with-children/with/<str:reference>/", talks.begin, name="begin"),
    path("talks-with-children/no-list/<str:reference>/", talks.no_list, name="no_list"),
    path("talks-with-children/<str:reference>/", talks.talk, name="talk"),
]
