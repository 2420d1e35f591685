"""The tables of recovery plans."""

from marfa.apps.reintegration.models.plans import NEEDS, PlanReview, PlanStep, RecoveryPlan

__all__ = ["NEEDS", "PlanReview", "PlanStep", "RecoveryPlan"]
