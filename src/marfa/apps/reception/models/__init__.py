"""The tables of reception."""

from marfa.apps.reception.models.conversations import (
    ConversationAnswer,
    PrivateConversation,
)
from marfa.apps.reception.models.queue import (
    QueueEntry,
    ScreeningReason,
)

__all__ = ["ConversationAnswer", "PrivateConversation", "QueueEntry", "ScreeningReason"]
