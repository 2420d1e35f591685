"""Other people's private releases, for benchmarks/release.py; each in an environment of its own.

    python3.11 -m venv pac && pac/bin/pip install "pac-synth==0.0.8"
    python3.11 -m venv dpmm && dpmm/bin/pip install "dpmm==0.1.9"

Called as ``PYTHON release_reference.py SYSTEM FILE EPSILON DELTA OUT``: reads a CSV in which an
empty cell is not reported, and writes OUT/synthetic.csv and, for pac-synth, OUT/aggregates.csv as
``marfa release`` does. Prints processor seconds and peak memory in MB as JSON.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from pathlib import Path


def release_pac_synth(file: Path, epsilon: float, delta: float, out: Path) -> None:
    """pac-synth as its makers' toolkit calls it: long combinations first, balanced."""
    import pacsynth

    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    data = pacsynth.Dataset(rows)
    builder = (
        pacsynth.DpAggregateSeededParametersBuilder()
        .reporting_length(3)
        .epsilon(epsilon)
        .delta(delta)
        .accuracy_mode(pacsynth.AccuracyMode.prioritize_long_combinations())
        .fabrication_mode(pacsynth.FabricationMode.balanced())
    )
    synthesizer = pacsynth.DpAggregateSeededSynthesizer(builder.build())
    synthesizer.fit(data)
    mark = "\x1f"
    counts = synthesizer.get_dp_aggregates(mark)
    made = synthesizer.sample(None)
    with (out / "aggregates.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["combination", "count"])
        for key, count in counts.items():
            items = dict(part.split(":", 1) for part in key.split(mark))
            writer.writerow([json.dumps(items), round(count)])
    with (out / "synthetic.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(made)


def release_dpmm(file: Path, epsilon: float, delta: float, out: Path) -> None:
    """dpmm's AIM on categories, with combinations of three in a model of 5 MB."""
    import pandas
    from dpmm.pipelines import AIMPipeline

    table = pandas.read_csv(file, dtype=str, keep_default_na=False).astype("category")
    pipeline = AIMPipeline(
        epsilon=epsilon,
        delta=delta,
        max_model_size=5,
        proc_epsilon=None,
        n_jobs=1,
        gen_kwargs={"degree": 3, "rounds": 32},
    )
    pipeline.fit(table, random_state=1)
    pipeline.generate(n_records=len(table)).to_csv(out / "synthetic.csv", index=False)


SYSTEMS = {"pac-synth": release_pac_synth, "dpmm": release_dpmm}


def main() -> None:
    """One release."""
    system, file, epsilon, delta, out = sys.argv[1:]
    start = time.process_time()
    SYSTEMS[system](Path(file), float(epsilon), float(delta), Path(out))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([time.process_time() - start, used.ru_maxrss / 1024]))


if __name__ == "__main__":
    main()
