# On a fresh machine: `make run`, `make test`. Needs Python 3.11 or newer and the registries.

PYTHON = python3
PORT = 8000
DEMO = yes
BROWSER = yes

python = .venv/bin/python
pip = $(python) -m pip install --disable-pip-version-check --quiet --require-hashes
catalogues = $(wildcard locale/*/LC_MESSAGES/*.po)
lock = $(python) -m uv pip compile pyproject.toml --quiet --universal --generate-hashes \
	--python-version 3.11 --no-emit-index-url --no-annotate --no-header

.PHONY: setup run test check bench messages lock clean
.DELETE_ON_ERROR:

# What everybody needs once the packages are there: assets, compiled catalogues.
files = build/vendor.stamp build/messages.stamp

setup: .venv/run.stamp $(files)

run: setup
	@exec $(python) -m kam_crm.run "$(PORT)" "$(DEMO)"

test: .venv/dev.stamp $(files)
	@PYTHON=$(python) BROWSER="$(BROWSER)" .ci/test $(TESTS)

check: .venv/dev.stamp $(files)
	@PYTHON=$(python) .ci/check

bench: .venv/dev.stamp $(files)
	@$(python) -m bench

# A stamp is newer than its inputs when there is nothing to do.
.venv/run.stamp: requirements-run.txt
	@$(MAKE) --no-print-directory .venv/bin/activate
	$(pip) --requirement requirements-run.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt
	@$(MAKE) --no-print-directory .venv/bin/activate
	$(pip) --requirement requirements-dev.txt
	@touch .venv/run.stamp $@

# `venv` writes this last; without it an earlier try was cut short.
.venv/bin/activate:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 is needed.")'
	$(PYTHON) -m venv --clear .venv

build/npm.stamp: package.json package-lock.json | .venv/run.stamp
	.venv/bin/npm ci --omit=dev --no-progress --loglevel=error
	@mkdir -p build && touch $@

build/vendor.stamp: build/npm.stamp vendor.txt
	@rm -rf build/vendor && mkdir -p build/static
	@while read -r name; do \
		mkdir -p "build/vendor/$${name%/*}" && \
		cp "node_modules/$$name" "build/vendor/$$name" || exit 1; \
	done < vendor.txt
	@touch $@

build/messages.stamp: $(catalogues) | .venv/run.stamp
	$(python) -m kam_crm.catalogues $(catalogues)
	@mkdir -p build && touch $@

# Takes what is new to translate into the catalogues of every language.
languages = ru it zh_Hans
words = -k gettext_lazy -k gettext_noop -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2
messages: .venv/dev.stamp
	$(python) -m babel.messages.frontend extract --mapping-file babel.cfg --no-location \
		--sort-output --add-comments Translators: --project "KAM CRM" $(words) \
		--output-file build/messages.pot --ignore-dirs ".* build node_modules" .
	@for language in $(languages); do \
		file="locale/$$language/LC_MESSAGES/django.po"; mkdir -p "$${file%/*}"; \
		[ -e "$$file" ] || $(python) -m babel.messages.frontend init --input-file build/messages.pot \
			--output-file "$$file" --locale $$language; \
		$(python) -m babel.messages.frontend update --input-file build/messages.pot --no-wrap \
			--output-file "$$file" --locale $$language --no-fuzzy-matching --ignore-obsolete || exit 1; \
	done

lock: .venv/dev.stamp
	$(lock) --output-file requirements.txt
	$(lock) --group run --output-file requirements-run.txt
	$(lock) --group dev --output-file requirements-dev.txt
	.venv/bin/npm install --package-lock-only

# The data stays: `rm -r .data` is a decision of its own.
clean:
	rm -rf .venv node_modules build .data-test .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
