PYTHON ?= python3
PORT ?=
export PYTHON

.PHONY: help run test test-rest test-all bench docs wheel messages lock clean
.DEFAULT_GOAL := help

help:  ## list these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run:  ## open the demonstration in a browser; PORT=8001 for another port
	@tools/environment.sh run
	@tools/assets.sh
	@exec .venv/bin/marfa demo --data var/demo $(if $(PORT),--port $(PORT))

test:  ## the checks before each commit (eight minutes)
	@tools/environment.sh test
	@tools/assets.sh
	@.venv/bin/python tools/check.py

test-rest:  ## what make test leaves: long tests, PostgreSQL, browser, Python 3.13
	@tools/environment.sh test
	@tools/assets.sh
	@.venv/bin/python tools/check.py --rest

test-all:  ## all of both, with slow and fuzz tests, every page in each light, every mutant (far longer)
	@tools/environment.sh test
	@tools/environment.sh spark
	@tools/assets.sh
	@.venv/bin/python tools/check.py --all

bench:  ## print the benchmarks, each against a named reference
	@tools/environment.sh test
	@tools/assets.sh
	@for file in benchmarks/*.py; do [ -f "$$file" ] || continue; \
	  echo "== $$file"; .venv/bin/python "$$file" || exit 1; done

docs:  ## build the documentation into site/
	@tools/environment.sh test
	@.venv/bin/mkdocs build --strict --quiet

wheel:  ## build what is shipped, with assets inside, into dist/
	@tools/environment.sh test
	@tools/assets.sh
	@tools/dist.sh

messages:  ## collect new texts of pages into the catalogues (needs the package gettext)
	@tools/environment.sh test
	@.venv/bin/python tools/messages.py collect

lock:  ## write the hash locks anew (needs uv), and NOTICE
	@tools/lock.sh
	@tools/environment.sh test
	@.venv/bin/python tools/notice.py

clean:  ## remove what was built; data in var/ stays
	rm -rf .venv .venv-node .venv-3.* build dist site frontend/node_modules src/marfa/web/static/built
