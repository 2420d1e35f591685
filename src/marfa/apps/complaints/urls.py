from django.urls import path

from marfa.apps.complaints import views

app_name = "complaints"
urlpatterns = [
    path("complaints/", views.all_complaints, name="all"),
    path("complaints/told-in-private/", views.told, name="told"),
    path("complaints/<str:reference>/", views.one, name="one"),
]
