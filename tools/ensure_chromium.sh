#!/bin/sh
# The browser test needs Debian's chromium: install it when absent and allowed, else say loudly that the test is skipped.
set -u
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium for the browser test ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null && exit 0
fi
echo "WARNING: chromium is not installed: the browser test will be SKIPPED (apt-get install chromium)" >&2
exit 0
