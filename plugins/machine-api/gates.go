package main

import (
	configv1 "github.com/openshift/api/config/v1"
	apifeatures "github.com/openshift/api/features"
	"k8s.io/component-base/featuregate"
)

// newGates knows the gates that the controllers ask for; a gate that it does not know would end the process. Those of finished features are on,
// as in a cluster of the Default feature set; nobody here migrates Machines to the Cluster API.
func newGates() (featuregate.MutableFeatureGate, error) {
	gates := featuregate.NewFeatureGate()
	specs := map[featuregate.Feature]featuregate.FeatureSpec{}
	for name, on := range map[configv1.FeatureGateName]bool{
		apifeatures.FeatureGateMachineAPIMigration:     false,
		apifeatures.FeatureGateVSphereHostVMGroupZonal: true,
		apifeatures.FeatureGateVSphereMultiDisk:        true,
	} {
		specs[featuregate.Feature(name)] = featuregate.FeatureSpec{Default: on, PreRelease: featuregate.Beta}
	}
	return gates, gates.Add(specs)
}
