// Schema writes the package's schema.json, which the plugin carries inside: `schema schema --skip-docs --out FOLDER`.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"

	"virt-ipi/plugins/vsphere/bridge"
)

func main() {
	tfgen.Main(bridge.Name, bridge.Version, bridge.Provider())
}
