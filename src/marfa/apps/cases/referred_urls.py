from django.urls import path

from marfa.apps.cases.pages import receiving

app_name = "referred"
urlpatterns = [
    path("referrals/", receiving.every, name="all"),
    path("referrals/<str:reference>/", receiving.one, name="one"),
]
