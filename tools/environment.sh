#!/bin/sh
# Make or bring up to date the environment in .venv:  tools/environment.sh run|test [folder]
# Packages come from hash locks; nothing is installed into the system.
set -eu
cd "$(dirname "$0")/.."
kind=$1
folder=${2:-.venv}
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

if ! command -v "$python" >/dev/null 2>&1; then
  say "Python 3.11 or newer is needed and $python was not found. Install it with:"
  say "  sudo apt install python3 python3-venv"
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  say "Python 3.11 or newer is needed; $python is $("$python" -V 2>&1 | cut -d' ' -f2)."
  say "If a newer one is installed, name it:  make PYTHON=python3.12 ..."
  exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  say "Python's own tool for environments is missing. Install it with:"
  say "  sudo apt install python3-venv"
  exit 1
fi

wanted=$(cat requirements/build.txt "requirements/$kind.txt" pyproject.toml | sha256sum | cut -c1-32)
stamp="$folder/.marfa-$kind"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && "$folder/bin/python" -c '' 2>/dev/null; then
  exit 0
fi
say "Making the environment in $folder (about a minute, once) ..."
# Without its pip an environment was interrupted while it was made.
"$folder/bin/python" -m pip --version >/dev/null 2>&1 || { rm -rf "$folder"; "$python" -m venv "$folder"; }
pip="$folder/bin/python -m pip --disable-pip-version-check --quiet"
compile=
# What only tests use is compiled when it is first imported, which most of it never is.
[ "$folder" = .venv ] || compile=--no-compile
# A lock is complete. Let to look for dependencies itself, pip takes the newest for a package that
# is wanted with an extra ("httpx[http2]") and then stops, for it has no hash.
$pip install $compile --no-deps --require-hashes -r requirements/build.txt -r "requirements/$kind.txt"
$pip install --no-deps --no-build-isolation --no-index --editable .
printf '%s' "$wanted" > "$stamp"
