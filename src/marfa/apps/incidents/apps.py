from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "marfa.apps.incidents"
    label = "incidents"
