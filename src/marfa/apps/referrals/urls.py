"""The pages of referrals, among those of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.referrals.views import one_time_page, prepared_referrals, referrals

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/referrals/<str:reference>/", referrals.referral, name="referral"),
    path("cases/referrals/prepared/<str:reference>/", prepared_referrals.prepared, name="prepared"),
    # Named for nothing: whoever sees the address learns nothing from it.
    path("o/<str:secret>/", one_time_page.once, name="once"),
    path("cases/<str:reference>/refer/", referrals.refer, name="refer"),
]
