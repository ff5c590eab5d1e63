#!/bin/sh
# Runs every fuzz target for so many seconds: "run.sh 60". LLVM's coverage on the stable compiler; crashes are kept in build/fuzz.
set -eu

seconds=${1:-60}
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"

# the versions that are tested, and the fuzzer beside them
cp "$here/../../Cargo.lock" "$here/Cargo.lock"
# --target keeps the coverage out of build scripts, which have no fuzzer to report to
RUSTFLAGS=$(echo $coverage) cargo build --release --manifest-path "$here/Cargo.toml" \
    --target "$host" --target-dir "$here/../../target/fuzz"

mkdir -p "$build/seeds/certificate_files"
# a pair that is right, made here: keys are not kept in a repository
[ -s "$build/seeds/certificate_files/pair" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=meet.example.org -addext subjectAltName=DNS:meet.example.org,IP:192.0.2.1 \
    -keyout - -out - >"$build/seeds/certificate_files/pair" 2>/dev/null

for target in first_bytes proxy_header certificate_files; do
    mkdir -p "$build/$target" "$build/seeds/$target"
    seeds=$here/seeds/$target
    [ -d "$seeds" ] || seeds=
    echo "fuzzing: $target for $seconds s"
    "$here/../../target/fuzz/$host/release/$target" -max_total_time="$seconds" -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$build/$target-" "$build/$target" "$build/seeds/$target" $seeds
done
