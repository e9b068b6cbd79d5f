# Asterism. 'make' builds, 'make run' does everything from a fresh clone to the prompt, 'make help' lists the rest.
#   V=1 shows every command, -jN limits the jobs (all cores otherwise), -s is silent but for faults
#   DESTDIR=DIR installs below DIR, for packages; ARGS='...' are the arguments of 'make run', TESTS='...' those of 'make test'

# Not PYTHON: that is the user's, and names the interpreter that .venv is made with.
PY := .venv/bin/python
ASTERISM := $(PY) -m asterism
SILENT := $(findstring s,$(firstword -$(MAKEFLAGS)))
BUILDFLAGS := $(if $(V),--verbose) $(if $(SILENT),--quiet)
STAGE := $(if $(DESTDIR),--destdir='$(subst ','\'',$(DESTDIR))')
ARGS ?= -cvvg

# As with Asterisk, where things go is settled beforehand; what is said here too late would be passed over in silence.
ifneq ($(filter command,$(origin prefix) $(origin PREFIX)),)
$(error the prefix is settled by ./configure --prefix=DIR; 'make install DESTDIR=DIR' stages below another directory)
endif

# Asking ninja takes a hundredth of a second; Python is started only when there is something to do.
# A file that is new is in no graph yet.
UP_TO_DATE = [ -f build/idle.txt ] && [ ! asterism.toml -nt build/check.ninja ] && .venv/bin/ninja -f build/check.ninja -n 2>/dev/null | grep -q '^ninja: no work to do'

.PHONY: all menuselect menuselect.makeopts menuselect-tree install uninstall doctor samples run watch config \
	test check format fuzz lock bench dist wheels pages docs screenshots clean distclean setup help

all: makeopts ## compile the chosen modules (the default)
	@$(UP_TO_DATE) && { $(if $(SILENT),:,cat build/idle.txt); } || $(ASTERISM) build $(BUILDFLAGS)

makeopts: | .venv/asterism-setup
	@echo "this tree is not configured yet: running ./configure"
	@./configure </dev/null

.venv/asterism-setup: pyproject.toml build_tools/requirements.txt
	@build_tools/bootstrap </dev/null

.venv/asterism-setup-dev: pyproject.toml build_tools/requirements-dev.txt
	@build_tools/bootstrap dev </dev/null

setup: .venv/asterism-setup-dev ## make .venv with everything that tests and checks need

# The menu ends with 255 when somebody left it without saving, which is no failure, and when it had no terminal.
menuselect: menuselect.makeopts ## choose modules in a menu
	@if $(PY) -m menuselect.dropin.command menuselect.makeopts; then echo "menuselect changes saved!"; \
	else status=$$?; echo "menuselect changes NOT saved!"; [ $$status = 255 ] && [ -t 0 ] && [ -t 1 ]; fi

menuselect.makeopts: makeopts ## write menuselect.makeopts with the defaults, or bring it up to date
	@$(ASTERISM) build --selection-only $(BUILDFLAGS)

menuselect-tree: menuselect.makeopts ## write menuselect-tree from the sources

install: all ## install below the prefix of ./configure; DESTDIR=DIR stages
	@$(PY) -B -m asterism install $(STAGE) $(BUILDFLAGS)

uninstall: makeopts ## remove exactly what was installed
	@$(PY) -B -m asterism uninstall $(STAGE) $(BUILDFLAGS)

samples: makeopts ## install the sample configuration files only, never over an edited one
	@$(PY) -B -m asterism install --samples $(STAGE) $(BUILDFLAGS)

doctor: ARGS :=
doctor: makeopts ## say what is wrong with this tree and with what is installed; ARGS=--prune mends
	@$(PY) -B -m asterism doctor $(STAGE) $(ARGS)

run: all ## build, install into ./root and start the console; ARGS='-cvvg' unless given
	@$(ASTERISM) install --quiet --root root
	@./root/sbin/asterism $(ARGS)

watch: makeopts ## build a module when it is saved, and have the program of 'make run' take it; ARGS='--run' starts one
	@$(ASTERISM) watch $(if $(filter command line,$(origin ARGS)),$(ARGS))

config: makeopts ## print what this tree is configured to
	@$(ASTERISM) config

test: .venv/asterism-setup-dev ## run the tests; TESTS='tests/buildsys -k install' chooses, PYTHON=python3.13 takes that one
	@$(if $(filter command,$(origin PYTHON)),TESTS='$(subst ','\'',$(TESTS))' build_tools/test_sdist '$(PYTHON)',$(PY) -m pytest $(TESTS))

check: .venv/asterism-setup-dev ## format, lint, types, import contracts, dead names, stale references, the site, archives
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/vulture
	@$(PY) build_tools/stale_references.py
	@build_tools/make_site
	@build_tools/check_archives

wheels: .venv/asterism-setup-dev ## make a wheel for every machine, and those with a compiled core: dist/
	@$(PY) build_tools/wheels.py dist

dist: .venv/asterism-setup-dev ## make the source archive and the wheel: dist/
	@$(PY) -m build --no-isolation --outdir dist .

format: .venv/asterism-setup-dev ## format the Python sources and mend what the linter can
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

lock: .venv/asterism-setup ## resolve the dependencies anew, and write down their exact versions and hashes
	@build_tools/lock </dev/null

fuzz: .venv/asterism-setup-dev ## feed every reader with mutated inputs; SECONDS=60 for all together, SEED=1 chooses the inputs
	@$(PY) tests/fuzz/fuzz_run.py $(or $(SECONDS),60) --seed $(or $(SEED),1)

pages: .venv/asterism-setup ## write anew what is made: share/ (manual pages, completion), docs/verbs.md, api.md, coverage.md, changes-since-1.4.md
	@$(PY) -m build_tools.manual share
	@$(PY) -m build_tools.verbs_page
	@$(PY) -m build_tools.changes_page
	@$(PY) -m runtime.bridge.channel_accessors
	@$(PY) -m runtime.bridge.api_page
	@$(PY) -m runtime.bridge.coverage_page

docs: .venv/asterism-setup-dev ## make the documentation site: build/site/index.html
	@build_tools/make_site
	@echo "the site is in build/site; begin with build/site/index.html"

screenshots: .venv/asterism-setup-dev ## draw the pictures of the menu in docs/
	@$(PY) docs/pictures.py

bench: all .venv/asterism-setup-dev ## run the benchmarks
	@for each in bench/*.py; do echo "== $$each"; $(PY) $$each || exit 1; done

clean: ## remove what was compiled
	@rm -rf build

distclean: clean ## remove everything that was made but ./root, which may hold your configuration
	@rm -rf .venv *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find asterism menuselect buildsys runtime asterism_testing tests bench -name __pycache__ -prune -exec rm -rf {} +
	@rm -f makeopts config.log menuselect-tree menuselect.makeopts* menuselect.makedeps build_tools/menuselect-deps \
		include/asterisk/autoconfig.h include/asterisk/buildopts.h
	@if [ -e root ]; then echo "root/ stays: it may hold your configuration"; fi

help: ## list the targets
	@width=0; if [ -t 1 ]; then width=$$(stty size < /dev/tty 2> /dev/null | cut -d' ' -f2); fi; \
	sed -n 's/^\([a-z.-]*\):[^#]*## \(.*\)/  \1@\2/p' Makefile | awk -F@ -v width="$${width:-0}" '{ \
		line = sprintf("  %-20s", $$1); count = split($$2, words, " "); \
		for (i = 1; i <= count; i++) { \
			if (width > 40 && i > 1 && length(line) + length(words[i]) + 1 > width) { print line; line = sprintf("%22s", "") } \
			line = line " " words[i] } \
		print line }'
