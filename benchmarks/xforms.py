"""Speed of judging a submission, against rxeval (Rust) in the same run.

    python benchmarks/xforms.py [--questions 400] [--runs 30]

Forms and answers are made up here. rxeval reads the form anew at each call and has no way around
it; ours reads a form once and keeps it, so both ways are told.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import rxeval

from marfa.methods.xforms import FormModel, Surroundings, parse, recheck, start, submission_xml

NOW = datetime(2026, 8, 14, 9, 0, tzinfo=UTC)
CHOICES = 30


def xform(questions: int) -> str:
    """Of five questions, one is an integer with a constraint, one relevant by it, one a choice of
    thirty, one a text that is required, one a calculation over the first and the one before."""
    places, binds, body = [], [], []
    for n in range(questions):
        place, path = f"q{n}", f"/data/q{n}"
        places.append(f"<{place}/>")
        kind, first = n % 5, f"/data/q{n - n % 5}"
        label = f"<label>Question {n}</label>"
        if kind == 0:
            binds.append(f'<bind nodeset="{path}" type="int" constraint=". &lt; 120"/>')
        elif kind == 1:
            binds.append(f'<bind nodeset="{path}" relevant="{first} &gt; 17"/>')
        elif kind == 3:
            binds.append(f'<bind nodeset="{path}" required="{first} &gt; 0"/>')
        elif kind == 4:
            before = f"/data/q{n - 5}" if n > 5 else "0"
            sum_ = f"coalesce({before}, 0) + {first}"
            binds.append(f'<bind nodeset="{path}" type="int" calculate="{sum_}"/>')
            continue
        items = "".join(
            f"<item><label>C{c}</label><value>c{c}</value></item>" for c in range(CHOICES)
        )
        tag = "select1" if kind == 2 else "input"
        body.append(f'<{tag} ref="{path}">{label}{items if kind == 2 else ""}</{tag}>')
    return f"""<h:html xmlns="http://www.w3.org/2002/xforms"
    xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
    <h:head><h:title>T</h:title><model><instance><data id="t" version="1">{"".join(places)}
    <meta><instanceID/></meta></data></instance>{"".join(binds)}
    <bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head>
    <h:body>{"".join(body)}</h:body></h:html>"""


def filled(form: FormModel) -> str:
    state = start(form, Surroundings(NOW))
    given = {0: "34", 1: "note", 2: "c7", 3: "name"}
    names = [name for name in form.spots if name.startswith("/data/q")]
    state.put({name: given[n % 5] for n, name in enumerate(names) if n % 5 in given})
    return submission_xml(state)


def milliseconds(work: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--questions", type=int, default=400)
    options.add_argument("--runs", type=int, default=30)
    asked = options.parse_args()
    for questions in (10, 50, asked.questions):
        text = xform(questions)
        form = parse(text)
        sent = filled(form)
        clean = (recheck(form, sent, NOW), rxeval.submission_findings(text, sent))
        assert clean == ([], []), clean
        ours = milliseconds(lambda form=form, sent=sent: recheck(form, sent, NOW), asked.runs)  # type: ignore[misc]
        anew = milliseconds(
            lambda text=text, sent=sent: recheck(parse(text), sent, NOW), asked.runs
        )  # type: ignore[misc]
        theirs = milliseconds(
            lambda text=text, sent=sent: rxeval.submission_findings(text, sent),  # type: ignore[misc]
            asked.runs,
        )
        print(
            f"{questions:4} questions: {ours:7.2f} ms, with reading the form {anew:7.2f} ms; "
            f"rxeval {theirs:7.2f} ms; ratio {ours / theirs:.2f} and {anew / theirs:.2f}"
        )


if __name__ == "__main__":
    main()
