from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "marfa.apps.oversight"
    label = "oversight"
