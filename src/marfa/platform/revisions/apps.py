from django.apps import AppConfig


class RevisionsConfig(AppConfig):
    name = "marfa.platform.revisions"
    label = "revisions"

    def ready(self) -> None:
        """Drafts are sealed anew when the instance key is rotated."""
        from marfa.platform.keys.holders import by_header, register_holder
        from marfa.platform.revisions.drafts import reseal_draft
        from marfa.platform.revisions.models import Draft

        register_holder(by_header("revisions.drafts", Draft, "sealed", reseal_draft))
