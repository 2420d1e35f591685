from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "marfa.apps.editing"
    label = "editing"
