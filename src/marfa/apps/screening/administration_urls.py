from django.urls import path

from marfa.apps.screening.pages import sites

app_name = "site_words"
urlpatterns = [path("site-texts/", sites.words, name="all")]
