#!/bin/sh
# Write the locks. They name no host: any index that serves these hashes will do.
set -eu
cd "$(dirname "$0")/.."
compile="uv pip compile --quiet --universal --generate-hashes --fork-strategy fewest \
  --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links --no-annotate"
$compile pyproject.toml --extra server --extra postgres --extra archive --extra pdf -o requirements/run.txt
$compile pyproject.toml --extra server --extra postgres --extra archive --extra pdf --extra release --extra kernels --extra dev -o requirements/test.txt
$compile pyproject.toml --extra spark --constraint requirements/test.txt -o requirements/spark.txt
$compile requirements/build.in -o requirements/build.txt
$compile requirements/node.in -o requirements/node.txt
