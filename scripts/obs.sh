#!/bin/sh
# Runs a command beside nothing but itself: in a network of its own, for OBS's remote control
# listens on every address of the machine. Says plainly what is missing for a real OBS.
set -eu
missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need obs obs-studio
need Xvfb xvfb
need openbox openbox
need dbus-run-session dbus-daemon
need ip iproute2
need unshare util-linux
if [ -n "$missing" ]; then
	echo "giftcast: tests with a real OBS need these packages: sudo apt-get install --no-install-recommends$missing obs-plugins libgl1-mesa-dri" >&2
	exit 1
fi
if [ "$(id -u)" = 0 ]; then own="unshare --net"; else own="unshare --map-root-user --net"; fi
$own true 2>/dev/null || {
	echo "giftcast: this system does not allow a network of one's own: run make obs as root" >&2
	exit 1
}
# shellcheck disable=SC2016 # the inner shell fills these in
exec $own sh -c 'ip link set lo up && exec "$@"' sh "$@"
