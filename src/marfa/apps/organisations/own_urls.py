"""Addresses that belong to no desk: each person's own roles."""

from django.urls import path

from marfa.apps.organisations.views import roles

app_name = "own_roles"
urlpatterns = [
    path("my/roles/", roles.mine, name="mine"),
    path("my/roles/<str:reference>/lend/", roles.lend, name="lend"),
    path("my/roles/lent/<str:reference>/end/", roles.end_loan, name="end_loan"),
]
