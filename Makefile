# Every task sets itself up. The tasks live in dev.py, so that Windows has them too: python dev.py run
PYTHON ?= python3

.PHONY: run test check docs bench verify golden scoreboard
run test check docs bench verify golden scoreboard:
	@$(PYTHON) dev.py $@
