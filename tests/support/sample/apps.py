from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "tests.support.sample"
    label = "sample"

    def ready(self) -> None:
        from marfa.platform.facts.kinds import FactKind, register_kind
        from tests.support.sample.models import SampleFact
        from tests.support.sample.source import owners, statements

        register_kind(FactKind("samples", SampleFact, statements, owners))
