"""Splink beside marfa.methods.linkage; run by benchmarks/linkage.py in an environment of its own.

Standard input: JSON with ``lists`` (paths of CSV files with unique_id and some of given, father,
family, dob, sex, document, address, postcode) and ``shape``. Standard output: JSON with the pairs
and their probabilities, the seconds and the memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


def main() -> None:
    asked = json.load(sys.stdin)
    frames = [pd.read_csv(path, dtype=str, keep_default_na=True) for path in asked["lists"]]
    held = set(frames[0].columns)
    started = time.perf_counter()
    comparisons = [cl.NameComparison("given"), cl.NameComparison("family")]
    rules = [block_on("dob"), block_on("given", "family")]
    if "father" in held:
        comparisons.append(cl.NameComparison("father"))
        rules += [block_on("given", "father"), block_on("father", "family")]
    comparisons.append(
        cl.DateOfBirthComparison(
            "dob", input_is_string=True, datetime_format="%Y-%m-%d", invalid_dates_as_null=True
        )
    )
    if "sex" in held:
        comparisons.append(cl.ExactMatch("sex"))
    if "document" in held:
        comparisons.append(cl.DamerauLevenshteinAtThresholds("document", [2]))
        rules.append(block_on("document"))
    if "postcode" in held:
        comparisons += [
            cl.DamerauLevenshteinAtThresholds("postcode", [2]),
            cl.LevenshteinAtThresholds("address", [3, 8]).configure(
                term_frequency_adjustments=False
            ),
        ]
        rules += [block_on("postcode", "given"), block_on("postcode", "family")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        max_iterations=20,
    )
    api = DuckDBAPI()
    tables = [api.register(frame, dataset_display_name=f"l{n}") for n, frame in enumerate(frames)]
    linker = Linker(tables, settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("dob", "given", "family")], recall=asked.get("recall", 0.3)
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("dob"), block_on("given", "family")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    json.dump(
        {
            "pairs": found[["unique_id_l", "unique_id_r", "match_probability"]].values.tolist(),
            "seconds": time.perf_counter() - started,
            "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
