from django.urls import path

from marfa.apps.oversight import views

app_name = "oversight"
urlpatterns = [
    path("sign-in/", views.people, name="people"),
    path("sign-in/<str:reference>/", views.person, name="person"),
    path("sign-in/<str:reference>/end/", views.end_sessions, name="end_sessions"),
    path("sign-in/<str:reference>/reset/", views.reset, name="reset"),
    path("keys/", views.keys, name="keys"),
]
