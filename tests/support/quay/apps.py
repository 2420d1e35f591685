from django.apps import AppConfig


class QuayConfig(AppConfig):
    name = "tests.support.quay"
    label = "quay"
