from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "marfa.apps.privacy"
    label = "privacy"
