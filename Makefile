# giftcast: `make run` starts it, `make test` checks everything. Both set up what they need.
# ARGS are words for the program: make test ARGS="tests/test_desk.py"
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: setup run test check obs speech bench soak gallery flashes goldens lock clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@sh scripts/venv.sh "$(PYTHON)" "$(VENV)" requirements.lock
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml
	@sh scripts/venv.sh "$(PYTHON)" "$(VENV)" requirements-dev.lock
	@touch $(VENV)/.ready $@

run: setup
	@$(BIN)/giftcast run $(ARGS)

test: $(VENV)/.ready-dev
	@sh scripts/browser.sh
	@$(MAKE) --no-print-directory check
	@sh scripts/tests.sh $(BIN)/python $(ARGS)

check: $(VENV)/.ready-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

obs: $(VENV)/.ready-dev
	@sh scripts/obs.sh $(BIN)/python -m pytest tests/real_obs.py $(ARGS)

speech: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest tests/real_speech.py $(ARGS)

soak: $(VENV)/.ready-dev
	@sh scripts/browser.sh
	@GIFTCAST_SOAK=1 $(BIN)/python -m pytest $(ARGS)

bench: $(VENV)/.ready-dev
	@sh scripts/browser.sh
	@$(BIN)/python -m benchmarks $(ARGS)

gallery: $(VENV)/.ready-dev
	@sh scripts/browser.sh
	@$(BIN)/python -m benchmarks.gallery $(ARGS)

flashes: $(VENV)/.ready-dev
	@sh scripts/browser.sh
	@$(BIN)/python -m benchmarks.flashes $(ARGS)

goldens: $(VENV)/.ready-dev
	@sh scripts/browser.sh
	@$(BIN)/python -m benchmarks.goldens $(ARGS)

lock:
	@uv pip compile pyproject.toml --extra build --generate-hashes --universal --python-version 3.11 --no-header --no-annotate -q -o requirements.lock
	@uv pip compile pyproject.toml --extra build --extra dev -c requirements.lock --generate-hashes --universal --python-version 3.11 --no-header --no-annotate -q -o requirements-dev.lock

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
