#!/bin/sh
# Install the wheel that lies beside this file, with the very packages that it was tested with:
#   sh install.sh [folder]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/workspace}
python=${PYTHON:-python3}
# Whoever runs the service reads it; nobody but its owner changes it.
umask 022
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3-venv bubblewrap
fi
"$python" -m venv "$target"
pip="$target/bin/python -m pip --disable-pip-version-check --quiet"
$pip install --no-deps --require-hashes -r "$here/locked.txt"
$pip install --no-deps --no-index "$here"/marfa-*.whl
printf 'Installed in %s. Start it with the machine: %s/bin/marfa service install\n' "$target" "$target"
