#!/bin/sh
# Makes the virtual environment from a lock file: venv.sh PYTHON FOLDER LOCK
set -eu
python=$1 folder=$2 lock=$3

fail() { echo "giftcast: $1" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 ||
	fail "there is no $python: install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
	fail "$python is too old: install Python 3.11 or newer, or name one: make PYTHON=python3.12"
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		echo "Installing python3-venv …"
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv; } >/dev/null ||
			fail "python3-venv could not be installed: run apt-get install python3-venv"
	else
		fail "python3-venv is missing: run sudo apt-get install python3-venv"
	fi
fi
[ -x "$folder/bin/python" ] || { echo "Making the environment …"; "$python" -m venv "$folder"; }
echo "Installing what is locked in $lock …"
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$folder/bin/python" -m pip install --quiet --require-hashes -r "$lock" ||
	fail "the packages could not be installed: is there a network? Then run the same command again"
"$folder/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e . ||
	fail "giftcast itself could not be installed: see above"
