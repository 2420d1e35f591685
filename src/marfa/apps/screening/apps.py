from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "marfa.apps.screening"
    label = "screening"

    def ready(self) -> None:
        from marfa.apps.forms import converters, sources
        from marfa.apps.registry.models import Person
        from marfa.apps.registry.policy_facts import protected_people
        from marfa.apps.screening import retention
        from marfa.apps.screening.facts import histories
        from marfa.apps.screening.instrument_forms import CONVERTER, SOURCE
        from marfa.apps.screening.models import ScreeningFact
        from marfa.platform.facts.kinds import FactKind, owners_in, register

        register(
            FactKind("screenings", ScreeningFact, histories, owners_in(Person), protected_people)
        )
        retention.register()
        converters.register(CONVERTER)
        sources.register(SOURCE)
