from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "tests.support.sample"
    label = "sample"

    def ready(self) -> None:
        from marfa.platform.facts.kinds import FactKind, register
        from tests.support.sample.models import SampleFact
        from tests.support.sample.source import owners, statements

        register(FactKind("samples", SampleFact, statements, owners))
