from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "marfa.safeguards.audit"
    label = "audit"
