"""Reading the model of a form: its instances and the rules of each place."""

from __future__ import annotations

from collections.abc import Iterator

from marfa.domain.message import Message
from marfa.methods.xforms.model import Bind, SetValue, Spot
from marfa.methods.xforms.problems import FormProblems
from marfa.methods.xforms.reader import Reader, find_spot
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath import Expression, compile_xpath

TYPES = {
    **dict.fromkeys(("string", "barcode", "select", "select1"), "string"),
    **dict.fromkeys(("int", "integer", "long"), "int"),
    **{name: name for name in ("boolean", "decimal", "date", "time", "dateTime", "geopoint")},
    **{name: name for name in ("binary", "rank")},
}
"""Data types that are understood, by the names that forms give them."""

PRELOADS = {
    "uid": ("",),
    "timestamp": ("start", "end"),
    "date": ("today",),
    "property": (
        *("deviceid", "email", "username", "phonenumber", "phone number"),
        *("simserial", "subscriberid"),
    ),
}
EVENTS = {
    "odk-instance-first-load": "first-load",
    "odk-instance-load": "load",
    "xforms-ready": "first-load",
    "odk-new-repeat": "new-repeat",
    "xforms-value-changed": "changed",
}
_ACTIONS = frozenset({"setgeopoint", "setlocation", "recordaudio"})


def spots_of(instance: Node, found: FormProblems) -> Spot:
    """The places of the primary instance. An element that stands twice, or has a template, may
    repeat; whether it does is told by the body."""
    root = Spot(instance.name, None, instance.namespace)
    stack = [(instance, root)]
    while stack:
        node, spot = stack.pop()
        spot.blank = spot.blank if "template" in node.attributes and spot.blank else node
        for child in node.children:
            known = spot.children.get(child.name)
            if known is None:
                known = Spot(child.name, spot, child.namespace)
                spot.children[child.name] = known
            stack.append((child, known))
    for spot in root.walk():
        if spot.name == "entity":
            found.wrong(Message("methods.xforms:entities"), spot.path)
    return root


def secondary_instances(model: Node, found: FormProblems) -> dict[str, Node]:
    """Lists of choices by name; one that lies in a file of its own is refused."""
    instances: dict[str, Node] = {}
    for instance in model.named("instance")[1:]:
        name = instance.attributes.get("id", "")
        if "src" in instance.attributes:
            message = Message(
                "methods.xforms:instance-outside",
                {"name": name, "source": instance.attributes["src"]},
            )
            found.wrong(message, line=instance.line)
            continue
        if instance.children:
            instances[name] = instance.children[0]
            instances[name].parent = None
    return instances


def read_binds(model: Node, reader: Reader) -> None:
    """Puts the rules of each bind on its place."""
    for node in model.named("bind"):
        path = (node.attributes.get("nodeset") or node.attributes.get("ref") or "").strip()
        spot = find_spot(reader.root, path)
        if spot is None:
            message = Message("methods.xforms:bind-nowhere", {"path": path})
            reader.found.wrong(message, path, node.line)
            continue
        spot.bind = _bind(node, spot, reader)


def _bind(node: Node, spot: Spot, reader: Reader) -> Bind:
    given = node.attributes

    def rule(name: str, column: str = "", unless: str = "") -> Expression | None:
        found = reader.expression(given.get(name), spot, column or name, node.line)
        return None if found is not None and found.source == unless else found

    if any(name.startswith("location-") for name in given):
        reader.wrong("audit-location", spot, "parameters", node.line)
    pixels = given.get("max-pixels", "")
    return Bind(
        type=_type(given.get("type", "string"), spot, reader, node.line),
        relevant=rule("relevant", unless="true()"),
        required=rule("required", unless="false()"),
        readonly=rule("readonly", "read_only", unless="false()"),
        constraint=rule("constraint", unless="true()"),
        calculate=rule("calculate", "calculation"),
        required_message=reader.message(given.get("requiredMsg"), spot, "required_message"),
        constraint_message=reader.message(given.get("constraintMsg"), spot, "constraint_message"),
        preload=_preload(given, spot, reader, node.line),
        preload_params=given.get("preloadParams", ""),
        max_pixels=int(pixels) if pixels.isdigit() else None,
    )


def _type(written: str, spot: Spot, reader: Reader, line: int) -> str:
    name = written.rpartition(":")[2]
    if name not in TYPES:
        reader.wrong("type-unsupported", spot, "type", line, type=name)
    return TYPES.get(name, "string")


def _preload(given: dict[str, str], spot: Spot, reader: Reader, line: int) -> str:
    preload, params = given.get("preload", ""), given.get("preloadParams", "")
    if preload and params not in PRELOADS.get(preload, ()):
        reader.wrong("preload-unsupported", spot, "type", line, name=f"{preload} {params}".strip())
    return preload


def read_settings(model: Node, body: Node, reader: Reader) -> tuple[SetValue, ...]:
    """Values that are set on loading, for a new repeat, or when an answer changes."""
    found: list[SetValue] = []
    for top, inside in ((model, False), (body, True)):
        for node in top.walk():
            if node.name in _ACTIONS:
                reader.found.wrong(
                    Message("methods.xforms:action-unsupported", {"name": node.name}),
                    node.attributes.get("ref"),
                    node.line,
                )
            elif node.name == "setvalue":
                found.extend(_setting(node, reader, inside=inside))
    return tuple(found)


def _setting(node: Node, reader: Reader, *, inside: bool) -> Iterator[SetValue]:
    path = node.attributes.get("ref") or node.attributes.get("bind") or ""
    target = find_spot(reader.root, path.strip())
    if target is None:
        message = Message("methods.xforms:bind-nowhere", {"path": path})
        reader.found.wrong(message, path, node.line)
        return
    events = frozenset(EVENTS.get(name, "") for name in node.attributes.get("event", "").split())
    if "" in events or not events:
        name = node.attributes.get("event", "")
        reader.wrong("event-unsupported", target, "trigger", node.line, name=name)
    source = node.attributes.get("value")
    value = reader.expression(source, target, "default", node.line)
    if source is None and node.text.strip():
        value = compile_xpath(_literal(node.text.strip()))
    holder = node.parent.attributes.get("ref", "") if inside and node.parent else ""
    trigger = find_spot(reader.root, holder.strip()) if holder else None
    yield SetValue(target, events, value, trigger)


def _literal(text: str) -> str:
    """The text as an expression; quotes of both kinds cannot stand in one literal."""
    return f'"{text}"' if '"' not in text else "'" + text.replace("'", "’") + "'"
