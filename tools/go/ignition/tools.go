//go:build tools

// Package tools pins Ignition's validator, of the version that the node image carries.
package tools

import _ "github.com/coreos/ignition/v2/validate"
