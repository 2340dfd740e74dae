//go:build tools

// Package tools pins the operator of network addons, which the tests run out of cluster.
package tools

import (
	_ "github.com/kubevirt/cluster-network-addons-operator/cmd/manager"
)
