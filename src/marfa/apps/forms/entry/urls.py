from django.urls import path

from marfa.apps.forms.entry import views

app_name = "filling"
urlpatterns = [
    path("fill/", views.choose, name="choose"),
    path("fill/begin/<str:reference>/", views.start_form, name="begin"),
    path("fill/sent/", views.sent, name="sent"),
    path("fill/definition/<str:reference>/", views.definition, name="definition"),
    path("fill/<uuid:key>/", views.check, name="check"),
    path("fill/<uuid:key>/language/", views.language, name="language"),
    path("fill/<uuid:key>/discard/", views.discard, name="discard"),
    path("fill/<uuid:key>/whole/", views.whole, name="whole"),
    path("fill/<uuid:key>/<str:place>/", views.page, name="page"),
]
