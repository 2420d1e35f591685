"""Requests and answers of yente's ``/match`` (https://www.opensanctions.org/docs/api/matching/), as
files, so that a client of the one can ask the other.

A query is an entity of FollowTheMoney. Names, births, sex, places and documents are
read; ``nationality``, ``country`` and their like are not, whoever sends them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.names import Kind
from marfa.methods.watchlists.entries import Entry
from marfa.methods.watchlists.formats.ftm import DOCUMENTS, KINDS, NAMES
from marfa.methods.watchlists.ftm_output import entity_of
from marfa.methods.watchlists.screening import METHOD, Result, Screener
from marfa.methods.watchlists.subjects import Subject

MOST_BYTES = 64 << 20
THRESHOLD, CUTOFF, LIMIT = 0.7, 0.6, 5


def read_request(source: Path) -> dict[str, Mapping[str, Any]]:
    """The queries of a request by their keys. Raises InputError for a file that is none."""
    try:
        if source.stat().st_size > MOST_BYTES:
            raise _refusal(source, "file-large", most=MOST_BYTES >> 20)
        data = json.loads(source.read_text(encoding="utf-8"))
    except OSError:
        raise _refusal(source, "file-unreadable") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise _refusal(source, "request-broken") from None
    queries = data.get("queries") if isinstance(data, dict) else None
    if not isinstance(queries, dict) or not queries:
        raise _refusal(source, "request-broken")
    for key, query in queries.items():
        said = query.get("properties") if isinstance(query, dict) else None
        if not isinstance(said, dict):
            raise _refusal(source, "query-broken", query=key[:40])
    return queries


def subject_of(key: str, query: Mapping[str, Any]) -> Subject | None:
    """Who is asked for; None where the query has no name, or is of something without one.
    Raises InputError for a date that is not understood."""
    said = query["properties"]
    names = dict.fromkeys(text for prop in NAMES for text in _texts(said.get(prop)))
    schema = query.get("schema") or "Person"
    # "Thing" and "LegalEntity" may be a person or a body.
    kind = None if schema in ("Thing", "LegalEntity") else KINDS.get(schema, "")
    if not names or kind in ("", "aircraft"):
        return None
    subject = Subject(
        key,
        tuple(names),
        Kind.of(kind),
        tuple(_texts(said.get("birthDate"))),
        next(iter(_texts(said.get("gender"))), ""),
        "",
        tuple(text.split(",")[0] for text in _texts(said.get("birthPlace"))),
        tuple(text for prop in DOCUMENTS for text in _texts(said.get(prop))),
    )
    _ = subject.facts
    return subject


def answer_request(
    queries: Mapping[str, Mapping[str, Any]],
    lists: Mapping[str, Mapping[str, Entry]],
    *,
    threshold: float = THRESHOLD,
    cutoff: float = CUTOFF,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """The answer to a request.

    threshold: from where ``match`` is true; a weak name alone is never one. cutoff: from where
    results are given, at least 0.6. limit: so many of each query, those that match first.
    """
    entries = [(name, entry) for name, held in lists.items() for entry in held.values()]
    screener = Screener(entries, threshold=cutoff)
    responses: dict[str, Any] = {}
    for key, query in queries.items():
        responses[key] = _response(key, query, screener, lists, threshold, limit)
    return {
        "responses": responses,
        "matcher": {"name": METHOD, "description": "Marfa watchlists; a score is no probability"},
        "limit": limit,
    }


def _response(
    key: str,
    query: Mapping[str, Any],
    screener: Screener,
    lists: Mapping[str, Mapping[str, Entry]],
    threshold: float,
    limit: int,
) -> dict[str, Any]:
    try:
        subject = subject_of(key, query)
    except InputError as error:
        detail = error.problems[0].message.as_json()
        return {"status": 400, "results": [], "total": _total(0), "query": query, "detail": detail}
    if subject is None:
        return {"status": 200, "results": [], "total": _total(0), "query": query}
    found = screener.screen(subject)
    met = [each for each in found if each.reference]
    # A whole family that may be met leaves out nobody who is.
    met.sort(key=lambda each: not _is_match(each, threshold))
    answer = {
        "status": 200,
        "results": [_scored(each, lists, threshold) for each in met[:limit]],
        "total": _total(len(met)),
        "query": query,
    }
    # Beside yente's members: that nothing was compared is not that nothing was found.
    return answer | ({} if len(met) == len(found) else {"not_compared": True})


def _scored(
    found: Result, lists: Mapping[str, Mapping[str, Entry]], threshold: float
) -> dict[str, Any]:
    entry = lists[found.list_name][found.reference]
    score = found.score or 0.0
    features = {f"name_{found.quality}": score} | dict(found.effects)
    return entity_of(found.list_name, entry) | {
        "referents": [],
        "target": True,
        "first_seen": None,
        "last_seen": None,
        "last_change": None,
        "score": score,
        "match": _is_match(found, threshold),
        "features": features,
        "explanations": [dict(each) for each in found.why],
    }


def _is_match(found: Result, threshold: float) -> bool:
    return (found.score or 0.0) >= threshold and not found.is_held


def _total(number: int) -> dict[str, Any]:
    return {"value": number, "relation": "eq"}


def _texts(value: object) -> Sequence[str]:
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [" ".join(each.split()) for each in values if isinstance(each, str) and each.strip()]


def _refusal(source: Path, key: str, **params: object) -> InputError:
    return InputError.at(Message(f"methods.watchlists:{key}", params), file=source.name)
