//go:build tools

// Package tools pins kwok, which plays kubelet for the tests.
package tools

import _ "sigs.k8s.io/kwok/cmd/kwok"
