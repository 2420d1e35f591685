from django.urls import path

from marfa.apps.forms import views
from marfa.apps.forms.views import coded_answers

app_name = "forms"
urlpatterns = [
    path("forms/", views.all_forms, name="all"),
    path("forms/add/", views.add, name="add"),
    path("forms/uploads/<str:reference>/", views.upload, name="upload"),
    path("forms/at-hand/<str:name>/", views.make, name="make"),
    path("forms/versions/<str:reference>/", views.version, name="version"),
    path("forms/versions/<str:reference>/answers/", coded_answers.answers, name="answers"),
    path(
        "forms/versions/<str:reference>/answers/<int:question>/<int:code>/",
        coded_answers.answered,
        name="answered",
    ),
    path("forms/came/", views.came, name="came"),
    path("forms/came/<str:reference>/", views.one, name="one"),
    path("forms/decided/<str:reference>/", views.read, name="read"),
    path("forms/files/<str:reference>/<str:file>/", views.attached, name="attached"),
    path("forms/accepted/<str:reference>/", views.to_record, name="to_record"),
    path("my/devices/", views.devices, name="devices"),
    path("my/devices/<str:reference>/end/", views.end_device, name="end_device"),
]
