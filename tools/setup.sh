#!/usr/bin/env bash
# Makes a fresh Debian or Ubuntu ready, and does nothing (fast) where it is ready already.
#
#   tools/setup.sh run       what the office needs: .venv from requirements.txt, system libraries
#   tools/setup.sh tools     what lint and types need: .venv from requirements-dev.txt
#   tools/setup.sh browser   what tests run: a Chromium, pdftoppm, a CUPS; and the system libraries
#   tools/setup.sh test      tools and browser
#
# APT=no        never install a system package, only say which line to type
# PYTHON=path   use this Python
# Where there is no network: PIP_NO_INDEX=1 PIP_FIND_LINKS=/media/usb/wheels (docs/installation.md)
#
# What was installed is noted in .venv/installed, last of all; .venv/unfinished stands while pip
# works. So an interrupted set-up is seen by the next run, which then begins with a fresh .venv.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
python=$venv/bin/python
unset PYTHONHOME PYTHONPATH

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# ---- system packages ------------------------------------------------------------------------

# Prints the prefix under which apt may be used without a question; fails where it may not.
apt_prefix() {
    [ "${APT:-auto}" != no ] && command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" -eq 0 ]; then
        echo env
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        echo sudo -n env
    else
        return 1
    fi
}

# apt NAME…: installs; reads new package lists only when the ones at hand do not do.
apt() {
    local prefix
    prefix=$(apt_prefix) || return 1
    local -a get
    # shellcheck disable=SC2206  # the prefix is words on purpose
    get=($prefix DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -y -q
        -o DPkg::Lock::Timeout=120 -o Acquire::Retries=1 -o Acquire::http::Timeout=30)
    say "installing with apt: $*"
    "${get[@]}" install --no-install-recommends "$@" </dev/null >&2 && return 0
    say "once more, with fresh package lists"
    "${get[@]}" update </dev/null >&2 || true
    "${get[@]}" install --no-install-recommends "$@" </dev/null >&2
}

# The line a person has to type, with sudo where that is how one becomes root.
apt_line() {
    local sudo="sudo "
    [ "$(id -u)" -eq 0 ] && sudo=""
    printf '%sapt-get update && %sapt-get install -y %s' "$sudo" "$sudo" "$*"
}

# missing_packages: the packages of those lines "name package" whose library, file or program is not here.
missing_packages() {
    local libraries name package
    libraries=$( (ldconfig -p || /sbin/ldconfig -p) 2>/dev/null || true)
    while read -r name package; do
        case $name in
            *.so.*) [[ $libraries == *"$name"* ]] || echo "$package" ;;
            /*) [ -e "$name" ] || echo "$package" ;;
            *) PATH=$PATH:/usr/sbin command -v "$name" >/dev/null || echo "$package" ;;
        esac
    done
}

for_the_office() {
    missing_packages <<'LIST'
espeak-ng           espeak-ng
libespeak-ng.so.1   libespeak-ng1
aplay               alsa-utils
libzbar.so.0        libzbar0
libGL.so.1          libgl1
libglib-2.0.so.0    libglib2.0-0
libxcb.so.1         libxcb1
LIST
}

# Only tests run these: pages of a PDF as pictures, a print queue with the simulated printer behind it.
for_tests() {
    missing_packages <<'LIST'
pdftoppm            poppler-utils
lpadmin             cups-client
/usr/lib/cups/backend/socket cups
LIST
}

# wish LIST WORDS: installs what the list LIST lacks; where that cannot be done, says WORDS and the line to type, and
# goes on.
wish() {
    local -a wanted
    mapfile -t wanted < <("$1")
    [ "${#wanted[@]}" -gt 0 ] || return 0
    if apt_prefix >/dev/null; then
        apt "${wanted[@]}" || true
        mapfile -t wanted < <("$1")
        [ "${#wanted[@]}" -gt 0 ] || return 0
    fi
    say "going on without some system packages ($2). To have them, type:"
    say "    $(apt_line "${wanted[@]}")"
}

# Voice, bar codes and cameras want these; the office opens without them, so this never stops it.
system_libraries() {
    wish for_the_office "voice: espeak-ng, alsa-utils; codes: libzbar0; cameras: libgl1, libglib2.0-0, libxcb1"
}

# Without them the tests that need them are skipped, and say so.
test_programs() { wish for_tests "tests of printed forms: poppler-utils; of print queues: cups, cups-client"; }

# ---- Python and its libraries ----------------------------------------------------------------

# usable PYTHON: 0 when it will do, 3 when only its venv module is missing, else another number.
usable() {
    "$1" -c 'import sys
if sys.version_info < (3, 11): sys.exit(2)
try: import ensurepip, venv
except ImportError: sys.exit(3)' >/dev/null 2>&1
}

# Prints the first Python that will do; with none, the first that lacks only venv, and returns 3.
find_python() {
    local name status without_venv=""
    for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        command -v "$name" >/dev/null || continue
        status=0
        usable "$name" || status=$?
        [ "$status" -eq 0 ] && { echo "$name"; return 0; }
        [ "$status" -eq 3 ] && without_venv=${without_venv:-$name}
    done
    [ -n "$without_venv" ] || return 2
    echo "$without_venv"
    return 3
}

# The Debian packages that bring a usable Python: NAME is what find_python printed, or nothing.
python_packages() {
    local version
    if [ -n "$1" ]; then
        version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        [ "$1" = python3 ] && echo python3-venv || echo "python$version-venv"
        return
    fi
    for version in 3.13 3.12 3.11; do
        [ -n "$(apt-cache show --no-all-versions "python$version-venv" 2>/dev/null)" ] || continue
        echo "python$version python$version-venv"
        return
    done
    echo "python3 python3-venv"
}

choose_python() {
    local found status=0 packages="" try
    found=$(find_python) || status=$?
    for try in 1 2; do # the first try may have brought the package lists that name the right one
        [ "$status" -ne 0 ] || break
        packages=$(python_packages "$found")
        apt_prefix >/dev/null || break
        # shellcheck disable=SC2086  # package names are words on purpose
        apt $packages || true
        status=0
        found=$(find_python) || status=$?
    done
    case $status in
        0) echo "$found" ;;
        3) fail "$found is there but cannot make a virtual environment. Type:
    $(apt_line "$packages")" ;;
        *) fail "Python 3.11 or newer is needed. Type:
    $(apt_line "$packages")
or, with a Python of your own: make PYTHON=/path/to/python3 …" ;;
    esac
}

# The line of .venv/installed that says: this lock file, in this place, for this Python.
mark() {
    local lock
    lock=$(sha256sum "$root/$1")
    printf '%s %s %s %s\n' "$1" "${lock%% *}" "$venv" "$(readlink -f "$python" || true)"
}

ready() {
    [ -x "$python" ] && [ -f "$venv/installed" ] && [ ! -e "$venv/unfinished" ] &&
        grep -qxF -- "$(mark "$1")" "$venv/installed"
}

# A .venv is kept only when it is whole, works and stands where it was made.
fresh_venv() {
    if [ ! -e "$venv/unfinished" ] && [ -x "$python" ] && "$python" -m pip --version >/dev/null 2>&1 &&
        { [ ! -f "$venv/installed" ] || grep -qF -- " $venv $(readlink -f "$python")" "$venv/installed"; }; then
        return 0
    fi
    local chosen
    chosen=$(choose_python)
    say "making .venv with $("$chosen" --version 2>&1)"
    mkdir -p "$venv" && : >"$venv/unfinished"
    # Not --clear: it would take the mark away first, and an interruption then would go unseen.
    find "$venv" -mindepth 1 -maxdepth 1 ! -name unfinished -exec rm -rf -- {} +
    "$chosen" -m venv "$venv" || fail "no virtual environment could be made in $venv"
}

# libraries LOCK: installs exactly what the lock file names, checked by hash, built packages only.
libraries() {
    ready "$1" && return 0
    exec 9<"$root" && flock 9 # one set-up at a time; another may just have done it
    ready "$1" && { exec 9<&-; return 0; }
    fresh_venv
    : >"$venv/unfinished"
    say "installing the libraries of $1 (some minutes the first time)"
    PIP_USER=0 "$python" -m pip install --quiet --no-input --disable-pip-version-check \
        --progress-bar off --only-binary :all: --require-hashes -r "$root/$1" </dev/null ||
        fail "the libraries could not be installed. Is there a network? The next try begins afresh."
    {
        [ "$1" = requirements-dev.txt ] && mark requirements.txt # a test holds: same pins in both
        mark "$1"
    } >"$venv/installed.new"
    mv "$venv/installed.new" "$venv/installed"
    rm "$venv/unfinished"
    exec 9<&-
    say "done"
}

# ---- a browser for the tests -------------------------------------------------------------------

has_browser() { "$python" "$root/tools/browser.py" >/dev/null 2>&1; }

browser() {
    has_browser && return 0
    # On Ubuntu these packages are only a door to snap, which a build machine has not.
    if ! grep -qi '^ID=ubuntu' /etc/os-release 2>/dev/null; then
        apt chromium && has_browser && return 0
    fi
    say "asking playwright for a Chromium"
    if apt_prefix >/dev/null; then
        "$python" -m playwright install-deps chromium </dev/null >&2 || true
    fi
    "$python" -m playwright install chromium </dev/null >&2 || true
    has_browser && return 0
    fail "the browser tests need a Chromium that starts. Type one of:
    $(apt_line chromium)
    .venv/bin/python -m playwright install --with-deps chromium"
}

[ "$(uname -s)" = Linux ] || fail "this is for Linux; on Windows use run.cmd"
cd "$root"
case ${1:-} in
    run) system_libraries; libraries requirements.txt ;;
    tools) libraries requirements-dev.txt ;;
    browser) system_libraries; test_programs; browser ;;
    test) system_libraries; test_programs; libraries requirements-dev.txt; browser ;;
    *) fail "say run, tools, browser or test" ;;
esac
