#!/bin/sh
# Builds livekit-server, unmodified, from the versions pinned in go.mod and go.sum beside this file.
# Does nothing when the program is there and newer than both. Takes one argument: where to put it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../build/livekit-server}
mkdir -p "$(dirname "$out")"
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")

if [ -x "$out" ] && [ ! "$here/go.mod" -nt "$out" ] && [ ! "$here/go.sum" -nt "$out" ]; then
    exit 0
fi
command -v go >/dev/null || { echo "go is missing: install Go 1.26 or newer (https://go.dev/dl)" >&2; exit 1; }

cd "$here"
# readonly: what go.sum does not name is refused; a fixed toolchain: nothing else is downloaded
CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=local go build -trimpath -ldflags='-s -w' -o "$out.new" \
    github.com/livekit/livekit-server/cmd/server
mv "$out.new" "$out"
"$out" --version
