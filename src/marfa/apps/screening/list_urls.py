from django.urls import path

from marfa.apps.screening.views import lists

app_name = "lists"
urlpatterns = [
    path("lists/", lists.every, name="all"),
    path("lists/<slug:name>/", lists.one, name="one"),
]
