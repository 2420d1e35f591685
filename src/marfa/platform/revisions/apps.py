from django.apps import AppConfig


class RevisionsConfig(AppConfig):
    name = "marfa.platform.revisions"
    label = "revisions"
