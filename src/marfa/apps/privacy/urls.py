from django.urls import path

from marfa.apps.privacy import answer_views, views

app_name = "privacy"
urlpatterns = [
    path("requests/", views.requests, name="requests"),
    path("requests/<str:reference>/", answer_views.one, name="request"),
]
