// Command pulumi-resource-kubernetes is Pulumi's own plugin, from its module; only its main is ours, since that one's embedded files are not published.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

// Both are written by set-up from the module's files, and laid over the empty ones of the checkout.
var (
	//go:embed schema.json
	schema []byte
	//go:embed terraform-mapping.json
	mapping []byte
)

func main() {
	provider.Serve("kubernetes", version.Version, schema, mapping)
}
