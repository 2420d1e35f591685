#!/bin/sh
# What is handed out beside the wheel, into a folder:  tools/dist.sh [folder]
set -eu
cd "$(dirname "$0")/.."
target=${1:-dist}
mkdir -p "$target"
MARFA_SHIPPED=1 "${PYTHON:-.venv/bin/python}" -m hatchling build -t wheel -d "$target"
cp tools/install.sh NOTICE "$target"
# With hashes for what is installed by itself; without, for whoever installs more beside it.
cp requirements/run.txt "$target/locked.txt"
sed -n 's/^\([a-z0-9._-]*==[^ ]*\)\( ;.*[^\\ ]\)\{0,1\} *\\\{0,1\}$/\1\2/p' requirements/run.txt > "$target/constraints.txt"
