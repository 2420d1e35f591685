from django.urls import path

from marfa.apps.referrals.views import referrals_to_us

app_name = "referred"
urlpatterns = [
    path("referrals/", referrals_to_us.every, name="all"),
    path("referrals/<str:reference>/", referrals_to_us.one, name="one"),
]
