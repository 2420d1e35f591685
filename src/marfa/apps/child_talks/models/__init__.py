"""The tables of conversations with children, of who is trained, and of what is set for them."""

from marfa.apps.child_talks.models.talks import AdultAccount, AgeStatement, ChildTalk
from marfa.apps.child_talks.models.trainings import TalkSettings, TalkTraining

__all__ = ["AdultAccount", "AgeStatement", "ChildTalk", "TalkSettings", "TalkTraining"]
