//go:build tools

// Package tools pins KubeVirt's command-line client, which its releases have, and the nightly test runs.
package tools

import _ "kubevirt.io/kubevirt/cmd/virtctl"
