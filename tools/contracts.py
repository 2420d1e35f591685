"""Contracts of import-linter that are derived from the code and not written down beside it."""

from __future__ import annotations

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.application import contract_utils
from importlinter.application.contract_utils import AlertLevel

from marfa.apps.house import PACKAGE, apps_below, read_manifests

Chain = tuple[str, ...]


class StandsOn(Contract):
    """An app imports those alone that its manifest says it stands on, or that these stand on.

    What lies beside the apps, such as ``marfa.apps.access``, belongs to whoever imports it.

    ignore_imports: imports that count for nothing.
    """

    type_name = "stands_on"
    ignore_imports = fields.SetField(subfield=fields.ImportExpressionField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Held against the manifests as they are in the code that is looked at."""
        contract_utils.remove_ignored_imports(
            graph=graph,
            ignore_imports=self.ignore_imports,  # type: ignore[arg-type]
            unmatched_alerting=AlertLevel.ERROR,
        )
        broken = [said for name in read_manifests() for said in _problems(graph, name)]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each app too many or too few."""
        for said in check.metadata["broken"]:
            output.print_error(said)


def _problems(graph: ImportGraph, name: str) -> Iterator[str]:
    allowed, reached = apps_below(name), _reached(graph, name)
    for other in sorted(reached.keys() - allowed):
        yield f"{name} does not stand on {other}: {' -> '.join(reached[other])}"
    for other in read_manifests()[name].stands_on:
        if other not in reached:
            yield f"{name} says that it stands on {other}, of which it imports nothing"


def _reached(graph: ImportGraph, name: str) -> dict[str, Chain]:
    """The other apps whose modules an app imports, each with the imports that lead there."""
    package = f"{PACKAGE}.{name}"
    seen = {package, *graph.find_descendants(package)}
    waiting: list[Chain] = [(module,) for module in sorted(seen)]
    found: dict[str, Chain] = {}
    while waiting:
        chain = waiting.pop()
        for module in sorted(graph.find_modules_directly_imported_by(chain[-1])):
            other = _app_of(module)
            if other:
                found.setdefault(other, (*chain, module))
            elif module.startswith(f"{PACKAGE}.") and module not in seen:
                seen.add(module)
                waiting.append((*chain, module))
    found.pop(name, None)
    return found


def _app_of(module: str) -> str:
    parts = module.split(".")
    within = ".".join(parts[:2]) == PACKAGE and len(parts) > 2
    return parts[2] if within and parts[2] in read_manifests() else ""
