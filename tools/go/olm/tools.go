//go:build tools

// Package tools pins OLM's two operators and opm, which the tests run out of cluster, and the module that holds OLM's CRDs.
package tools

import (
	_ "github.com/operator-framework/api/crds"
	_ "github.com/operator-framework/operator-lifecycle-manager/cmd/catalog"
	_ "github.com/operator-framework/operator-lifecycle-manager/cmd/olm"
	_ "github.com/operator-framework/operator-registry/cmd/opm"
)
