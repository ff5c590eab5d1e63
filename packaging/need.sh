#!/bin/sh
# Sees to it that the programs named by the caller are there: "need.sh run", or test, network, bench, scan, deb, package.
# As root, or with sudo that asks nothing, missing Debian packages are installed; else the line to type is printed.
set -eu

kind=${1:-run}
case "$kind" in
network | package)
    if [ "$(id -u)" != 0 ]; then
        echo "The $kind tests make networks and hosts of their own, for which they have to be root: sudo make test-$kind" >&2
        exit 1
    fi
    ;;
esac
missing=""
want() { # program, Debian package
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
tool() { # program, what a person does about it
    command -v "$1" >/dev/null 2>&1 || { echo "Missing: $1. $2" >&2; exit 1; }
}

[ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
[ -d /usr/local/go/bin ] && PATH="$PATH:/usr/local/go/bin"
# where Debian keeps servers, and people have no path to
PATH="$PATH:/usr/sbin"
tool cargo "Install Rust 1.95 or newer."
tool go "Install Go 1.25 or newer."
tool node "Install Node.js 20.19 or newer, with npm."
tool npm "Install npm; it comes with Node.js."

want cc build-essential
if [ "$kind" = deb ]; then
    want dh debhelper
    want fakeroot fakeroot
    want po2debconf po-debconf
    want lintian lintian
elif [ "$kind" != run ]; then
    want chromium chromium
    want ffmpeg ffmpeg
    want ip iproute2
    want nft nftables
    want setpriv util-linux
    want systemd-socket-activate systemd
    want openssl openssl
    want pebble pebble
    # the server's own programs, which Debian keeps apart from every path
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    want pgrep procps # and /bin/kill, which shells have a builtin for
fi
if [ "$kind" = package ]; then
    want systemd-nspawn systemd-container
    want python3 python3
    want mmdebstrap mmdebstrap
    want apt-ftparchive apt-utils
    want gpg gnupg
    want zstd zstd
    want piuparts piuparts
fi
if [ "$kind" = bench ]; then
    want haproxy haproxy
    want nginx nginx
fi
if [ "$kind" = scan ]; then
    # the program alone is not enough: Debian keeps what makes environments apart
    python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
fi
if [ "$kind" = network ]; then
    want certutil libnss3-tools
fi
[ -n "$missing" ] || exit 0

# word splitting is meant: a list of package names
if [ "$(id -u)" = 0 ]; then
    root=""
elif sudo -n true 2>/dev/null; then
    root="sudo"
else
    echo "Missing. Type: sudo apt-get install -y$missing" >&2
    exit 1
fi
echo "Installing through apt:$missing"
$root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing
case "$missing" in
*nginx*)
    # Debian starts it at once, on port 80; here it is only measured
    $root systemctl disable --now nginx >/dev/null 2>&1 || true
    ;;
esac
case "$missing" in
*postgresql*)
    # the tests make clusters of their own
    $root systemctl disable --now postgresql >/dev/null 2>&1 || true
    ;;
esac
