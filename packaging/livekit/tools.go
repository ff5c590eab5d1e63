//go:build tools

// Package tools keeps livekit-server in go.mod: `go mod tidy` would drop a requirement that nothing imports.
package tools

import _ "github.com/livekit/livekit-server/cmd/server"
