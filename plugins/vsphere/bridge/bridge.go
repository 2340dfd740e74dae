// Package bridge describes the Terraform provider for vSphere as a Pulumi package, with the official package's names.
package bridge

import (
	"github.com/hashicorp/terraform-plugin-sdk/helper/schema"
	"github.com/hashicorp/terraform-provider-vsphere/vsphere"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v1"
)

// Name is the first part of every token.
const Name = "vsphere"

const module = "index"

// Version is set by the build.
var Version = "0.0.0-dev"

// Provider maps each resource and data source to `vsphere:index/camelName:PascalName`.
func Provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:            shim.NewProvider(vsphere.Provider().(*schema.Provider)),
		Name:         Name,
		Version:      Version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		DataSources: map[string]*tfbridge.DataSourceInfo{
			// The one name that does not follow from Terraform's.
			"vsphere_storage_policy": {Tok: tfbridge.MakeDataSource(Name, module, "getPolicy")},
		},
	}
	info.MustComputeTokens(tokens.SingleModule(Name+"_", module, tokens.MakeStandard(Name)))
	info.SetAutonaming(255, "-")
	return info
}
