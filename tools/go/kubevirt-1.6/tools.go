//go:build tools

// Package tools pins KubeVirt's operator, API server and controller, which the tests run out of cluster, and the generators of its manifests.
package tools

import (
	_ "kubevirt.io/kubevirt/cmd/virt-api"
	_ "kubevirt.io/kubevirt/cmd/virt-controller"
	_ "kubevirt.io/kubevirt/cmd/virt-operator"
	_ "kubevirt.io/kubevirt/tools/csv-generator"
	_ "kubevirt.io/kubevirt/tools/resource-generator"
)
