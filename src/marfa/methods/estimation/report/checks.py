"""The parts of the report that a statistician checks: models, sensitivity, consistency."""

from __future__ import annotations

from collections.abc import Sequence

from marfa.domain.message import Message
from marfa.methods.estimation import sensitivity
from marfa.methods.estimation.consistency import internal_consistency
from marfa.methods.estimation.fits import Fitted
from marfa.methods.estimation.points import method_name
from marfa.methods.estimation.report.html import Markup, Words, join, table, tag
from marfa.methods.estimation.report.plots import Bar, forest_plot, scatter_plot
from marfa.methods.estimation.search import ModelSet
from marfa.methods.estimation.sensitivity import Variant
from marfa.methods.estimation.settings import Settings
from marfa.methods.estimation.table import CaptureTable

TOP = 20


def models_part(fitted: Fitted, words: Words) -> Markup:
    """The best models by BIC and the graphs, with what each would say."""
    if fitted.table.k < 3:
        return Markup("")
    parts = [tag("h2", words.text("models")), tag("p", words.text("models-lead"))]
    sets = [models for models in (fitted.models, fitted.deeper) if models is not None]
    for models in sets:
        order = fitted.order if models is fitted.models else 3
        parts.append(_model_set(models, order, fitted.table, words))
    parts.append(_graphs(fitted, words))
    return join(parts)


def _model_set(models: ModelSet, order: int, data: CaptureTable, words: Words) -> Markup:
    if not len(models.models):
        return tag("p", words.text("no-model", order=order))
    count = words.text(
        "valid" if models.exhaustive else "valid-searched",
        order=order,
        valid=len(models.models),
        considered=models.considered,
    )
    title = words.text("weights-caption", order=order)
    points = list(zip(models.estimates[:200].tolist(), models.weights[:200].tolist(), strict=True))
    rows = [
        [
            ", ".join(data.name(term) for term in models.interactions(i)) or words.text("no-terms"),
            words.number(float(models.estimates[i])),
            words.number(float(models.criterion[i]), 2),
            words.number(float(models.weights[i]), 3),
        ]
        for i in range(min(TOP, len(models.models)))
    ]
    head = ("terms", "estimate", "bic", "weight")
    return join(
        [
            tag("h3", words.text("order", order=order)),
            tag("p", count),
            scatter_plot(points, words, title, words.text("estimate"), words.text("weight")),
            table([words.text(key) for key in head], rows, words.text("top-models", top=TOP)),
        ]
    )


def _graphs(fitted: Fitted, words: Words) -> Markup:
    found = fitted.posterior
    if found is None:
        return Markup("")
    k = fitted.table.k
    names = [fitted.table.name(pair) for pair in _pairs(k)]
    rows = [
        [
            ", ".join(n for n, has in zip(names, graph, strict=True) if has)
            or words.text("no-terms"),
            words.number(float(median)),
            words.number(float(weight), 3),
        ]
        for graph, median, weight in zip(
            found.graphs[:TOP], found.medians[:TOP], found.weights[:TOP], strict=True
        )
    ]
    head = ("terms", "estimate", "weight")
    return join(
        [
            tag("h3", words.text("graphs")),
            table(
                [words.text(key) for key in head],
                rows,
                words.text("graphs-caption", considered=found.considered),
            ),
        ]
    )


def _pairs(k: int) -> tuple[int, ...]:
    from marfa.methods.estimation.graphs import list_pairs

    return list_pairs(k)


def sensitivity_part(
    data: CaptureTable,
    referred: CaptureTable | None,
    settings: Settings,
    words: Words,
    right: bool,
) -> Markup:
    """What another choice of lists, threshold, links or referrals would give."""
    order = settings.order
    blocks: list[tuple[str, list[Variant]]] = [
        ("dropped", sensitivity.drop_one(data, order)),
        ("merged", sensitivity.merge_two(data, order)),
        ("thresholds", sensitivity.threshold_variants(data)),
    ]
    if settings.linkage is not None:
        recall, precision = settings.linkage.recall, settings.linkage.precision
        found = sensitivity.linkage_errors(data, recall, precision, order)
        blocks.append(("linkage", found))
    if referred is not None and referred.shared > 0:
        blocks.append(("referrals", sensitivity.referral_shares(data, referred, order)))
    shown = [_block(name, variants, words, right) for name, variants in blocks if variants]
    if not shown:
        return Markup("")
    return join(
        [tag("h2", words.text("sensitivity")), tag("p", words.text("sensitivity-lead")), *shown]
    )


def _block(name: str, variants: Sequence[Variant], words: Words, right: bool) -> Markup:
    methods = list(dict.fromkeys(method for variant in variants for method in variant.estimates))
    title = words.text(f"{name}-caption")
    labels = [_label(name, variant, words) for variant in variants]
    rows = [
        [
            label,
            words.number(variant.observed),
            *(words.number(variant.estimates.get(method)) for method in methods),
        ]
        for label, variant in zip(labels, variants, strict=True)
    ]
    bars = []
    if name in ("dropped", "merged"):
        for label, variant in zip(labels, variants, strict=True):
            values = list(variant.estimates.values())
            bars.append(Bar(label, None, min(values, default=None), max(values, default=None)))
    head = [
        words.text(f"{name}-change"),
        words.text("observed"),
        *(words.say(method_name(method)) for method in methods),
    ]
    return join(
        [tag("h3", title), forest_plot(bars, words, title, right=right), table(head, rows, title)]
    )


def _label(name: str, variant: Variant, words: Words) -> str:
    if name == "linkage":
        recall, precision = (words.number(float(x), 2) for x in variant.change)
        return words.text("linkage-label", recall=recall, precision=precision)
    if name == "referrals":
        return words.number(100 * float(variant.change[0])) + "%"
    if name == "thresholds":
        return words.number(float(variant.change[0]), 3)
    return " + ".join(str(part) for part in variant.change)


def consistency_part(data: CaptureTable, settings: Settings, words: Words) -> Markup:
    """Whether the others find the size of each list."""
    checks = internal_consistency(data, settings.p_threshold)
    if not checks:
        return Markup("")
    methods = [
        m
        for m in ("stepwise", "bic", "dga", "independence")
        if any(m in check.estimates for check in checks)
    ]
    rows = [
        [
            check.reference,
            words.number(check.known),
            words.number(check.seen),
            *(words.number(check.estimates.get(method)) for method in methods),
        ]
        for check in checks
    ]
    head = [
        words.text("list"),
        words.text("known"),
        words.text("seen-by-others"),
        *(words.say(Message(f"methods.estimation:method-{m}")) for m in methods),
    ]
    return join(
        [
            tag("h2", words.text("consistency")),
            tag("p", words.text("consistency-lead")),
            table(head, rows, words.text("consistency-caption")),
        ]
    )
