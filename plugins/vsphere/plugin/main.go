// Plugin is pulumi-resource-vsphere: it serves the Terraform provider over Pulumi's resource-provider protocol.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"

	"virt-ipi/plugins/vsphere/bridge"
)

// Written by the schema command just before this is built, and laid over the empty one of the checkout.
//
//go:embed schema.json
var schema []byte

func main() {
	tfbridge.Main(bridge.Name, bridge.Version, bridge.Provider(), schema)
}
