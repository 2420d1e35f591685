from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "marfa.platform.limits"
    label = "limits"
