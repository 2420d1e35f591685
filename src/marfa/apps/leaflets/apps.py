from django.apps import AppConfig


class LeafletsConfig(AppConfig):
    name = "marfa.apps.leaflets"
    label = "leaflets"
