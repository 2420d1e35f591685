from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "marfa.platform.keys"
    label = "keys"
