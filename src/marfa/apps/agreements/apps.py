from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "marfa.apps.agreements"
    label = "agreements"
