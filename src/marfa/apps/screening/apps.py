from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "marfa.apps.screening"
    label = "screening"

    def ready(self) -> None:
        from marfa.apps.forms import converting, sources
        from marfa.apps.people.models import Person
        from marfa.apps.people.standing import protected_people
        from marfa.apps.screening import keeping
        from marfa.apps.screening.facts import histories
        from marfa.apps.screening.forming import CONVERTER, SOURCE
        from marfa.apps.screening.models import ScreeningFact
        from marfa.platform.facts.kinds import FactKind, owners_in, register

        register(
            FactKind("screenings", ScreeningFact, histories, owners_in(Person), protected_people)
        )
        keeping.register()
        converting.register(CONVERTER)
        sources.register(SOURCE)
