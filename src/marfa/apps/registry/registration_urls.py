from django.urls import path

from marfa.apps.registry.views import (
    household_registration,
    people_list,
    person_registration,
    stepwise_registration,
)

app_name = "reception"
urlpatterns = [
    path("people/", people_list.at_reception, name="people"),
    path("register/household/", household_registration.register, name="household"),
    path("register/person/", person_registration.register, name="person"),
    path("register/person/check/", stepwise_registration.check, name="check"),
    path("register/person/<int:number>/", stepwise_registration.step, name="step"),
]
