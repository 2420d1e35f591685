from django.urls import path

from marfa.apps.forms.openrosa import views

app_name = "openrosa"
urlpatterns = [
    path("openrosa/formList", views.form_list, name="list"),
    path("openrosa/forms/<str:reference>/form.xml", views.form, name="form"),
    path("openrosa/forms/<str:reference>/manifest", views.manifest, name="manifest"),
    path("openrosa/forms/<str:reference>/media/<path:filename>", views.media, name="media"),
    path("openrosa/submission", views.submission, name="submission"),
]
