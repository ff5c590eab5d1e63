#!/bin/sh
# Builds the package of the last commit twice, in folders of different names, and compares: the same bytes, or it fails.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for folder in one another-one; do
    git clone --quiet "$here" "$work/$folder"
    make -C "$work/$folder" deb
done
sha256sum "$work"/*/build/bedrud_*.deb
cmp "$work"/one/build/bedrud_*.deb "$work"/another-one/build/bedrud_*.deb
echo "The same bytes."
