from django.urls import path

from marfa.apps.people.pages import household, single, stepwise

app_name = "reception"
urlpatterns = [
    path("register/household/", household.register, name="household"),
    path("register/person/", single.register, name="person"),
    path("register/person/check/", stepwise.check, name="check"),
    path("register/person/<int:number>/", stepwise.step, name="step"),
]
