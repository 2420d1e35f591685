from django.urls import path

from marfa.apps.screening.views import sites

app_name = "site_words"
urlpatterns = [path("site-texts/", sites.words, name="all")]
