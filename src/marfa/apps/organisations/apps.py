from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "marfa.apps.organisations"
    label = "organisations"
