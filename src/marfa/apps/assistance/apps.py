from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "marfa.apps.assistance"
    label = "assistance"
