//go:build tools

// Package tools pins the Pulumi engine's command, which is not installable by `go install`.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
