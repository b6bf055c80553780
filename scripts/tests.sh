#!/bin/sh
# Runs the tests, with pytest's words if there are any: tests.sh PYTHON [WORD...]. First those that may run
# beside each other, a worker on each core and one for when they wait; then, by themselves, those that measure (marked `alone`).
set -eu
python=$1
shift
workers=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
workers=$((workers + 1))
[ "$workers" -le 5 ] || workers=5 # each may have a browser: more would want much memory

# Each test syncs its journal again and again, and its folder is thrown away: in memory, where the system has
# such a place with room, that costs nothing. What is about the disk itself (fixture `disk`, and what is alone) stays there.
memory=/dev/shm
fits() { # there is room for a gigabyte, and programs may be started there: some tests write one
	probe=$(mktemp "$memory/giftcast-XXXXXX" 2>/dev/null) || return 1
	{ echo '#!/bin/sh' >"$probe" && chmod +x "$probe" && "$probe"; } 2>/dev/null && started=yes || started=
	rm -f "$probe"
	[ -n "$started" ] && [ "$(df -Pk "$memory" | awk 'NR == 2 { print int($4 / 1000) }')" -ge 1000 ]
}
beside() {
	if fits; then export PYTEST_DEBUG_TEMPROOT="$memory"; fi
	exec "$python" -m pytest -m "not alone" --numprocesses "$workers" --dist loadfile --no-loadscope-reorder "$@"
}

first=0 second=0
(beside "$@") || first=$?
"$python" -m pytest -m alone "$@" || second=$?
# 5 says that no test was chosen: right for one of the two when words choose, not for both.
[ "$first" != 5 ] || exit "$second"
[ "$second" != 5 ] || exit "$first"
[ "$first" = 0 ] || exit "$first"
exit "$second"
