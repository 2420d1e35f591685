from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "marfa.apps.search"
    label = "search"
