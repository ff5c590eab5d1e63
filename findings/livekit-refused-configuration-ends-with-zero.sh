#!/usr/bin/env bash
# livekit-server 1.13.5 (Go module, pinned). Needs Go 1.26.
#
# Expected: a server that will not start, since a value of its configuration is not allowed, ends with an exit status that is not 0,
#   so that a supervisor (systemd's Restart=on-failure, a shell's &&) sees the failure.
# Seen: one line on standard output, and exit status 0. So for a TURN domain without a dot and for one with an underscore. The
#   same file with another name runs. A zero is therefore no sign of a wanted end.
set -euo pipefail
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT
cd "$place"
printf 'module finding\n\ngo 1.26\n' > go.mod
printf '//go:build tools\n\npackage tools\n\nimport _ "github.com/livekit/livekit-server/cmd/server"\n' > tools.go
CGO_ENABLED=0 go get github.com/livekit/livekit-server/cmd/server@v1.13.5 2> go.log || { cat go.log; exit 2; }
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o livekit-server github.com/livekit/livekit-server/cmd/server

free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
start() { # TURN DOMAIN: starts with it for at most five seconds; prints what was said and the status
    cat > livekit.yaml <<END
port: $(free)
bind_addresses: [127.0.0.1]
keys: {finding: a-secret-of-this-finding-and-of-nothing-else}
logging: {level: error}
rtc: {tcp_port: $(free), udp_port: $(free), node_ip: 127.0.0.1, use_external_ip: false}
turn: {enabled: true, domain: $1, tls_port: $(free), external_tls: true}
END
    status=0; timeout 5 ./livekit-server --config livekit.yaml > out 2> err || status=$?
    echo "domain $1: status $status; said: $(head -c 200 out | head -1)"
}
seen=$(start meet; start my_host.example.org; start meet.example.org)
echo "$seen"
expected='^domain meet: status 0; said: .*TURN domain.*
domain my_host.example.org: status 0; said: .*TURN domain.*
domain meet.example.org: status (124|137).*$'
if [[ $seen =~ $expected ]]; then echo 'as seen'; else echo 'CHANGED: this is not what was seen'; exit 1; fi
