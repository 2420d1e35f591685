#!/bin/sh
# Build scripts, styles and fonts, and compile the pages' catalogues. Node comes from the system
# or, where there is none that is new enough, from its wheel in .venv-node.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python tools/messages.py compile

built=src/marfa/web/static/built/manifest.json
if [ -f "$built" ] && [ -z "$(find frontend -path frontend/node_modules -prune -o -type f -newer "$built" -print | head -n 1)" ]; then
  exit 0
fi
node_is_new_enough() { "$1" -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null; }
if ! { command -v npm >/dev/null 2>&1 && node_is_new_enough node; }; then
  if ! node_is_new_enough .venv-node/bin/node; then
    printf 'Node 20 or newer was not found; taking its wheel (65 MB, once) ...\n' >&2
    rm -rf .venv-node
    "${PYTHON:-python3}" -m venv .venv-node
    .venv-node/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/node.txt
  fi
  PATH="$PWD/.venv-node/bin:$PATH"
  export PATH
fi
printf 'Building the pages ...\n' >&2
cd frontend
npm ci --silent --no-audit --no-fund
npm run --silent check
npm run --silent build
