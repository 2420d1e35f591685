from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "marfa.platform.facts"
    label = "facts"
