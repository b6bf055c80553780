#!/bin/sh
# Makes sure that Chromium, fonts for every script and Node are there, for tests in a real browser.
# Chromium without windows is preferred (a page costs it a fraction) and not insisted on.
set -eu
missing=
lacks() { ! command -v "$1" >/dev/null 2>&1; }
if lacks chromium; then missing="$missing chromium"; fi
if lacks node; then missing="$missing nodejs"; fi
if command -v fc-list >/dev/null 2>&1; then
	fc-list | grep -qi 'NotoColorEmoji' || missing="$missing fonts-noto-color-emoji"
	fc-list | grep -qi 'NotoSansCJK' || missing="$missing fonts-noto-cjk"
	fc-list | grep -qi 'NotoSansArabic' || missing="$missing fonts-noto-core"
else
	missing="$missing fontconfig fonts-noto-color-emoji fonts-noto-cjk fonts-noto-core"
fi
if lacks chromium-headless-shell && [ "$(id -u)" = 0 ] && ! lacks apt-get; then
	echo "Installing chromium-headless-shell …"
	{
		apt-get update -qq &&
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell
	} >/dev/null 2>&1 || echo "It could not be installed: tests take longer with chromium."
fi
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "Installing$missing …"
	apt-get update -qq >/dev/null
	# shellcheck disable=SC2086 # a list of names
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
fi
echo "giftcast: tests need these packages: run sudo apt-get install$missing" >&2
exit 1
