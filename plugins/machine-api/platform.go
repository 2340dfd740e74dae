package main

import (
	"context"

	"github.com/openshift/machine-api-operator/pkg/controller/machine"
	"github.com/openshift/machine-api-operator/pkg/controller/vsphere"
	vspheremachineset "github.com/openshift/machine-api-operator/pkg/controller/vsphere/machineset"
	"k8s.io/component-base/featuregate"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"virt-ipi/plugins/machine-api/actuator"
)

// actuator is what creates machines on the platform, and what reports whether it is there to be asked.
func (o *options) actuator(mgr manager.Manager, gates featuregate.MutableFeatureGate) (machine.Actuator, func(context.Context) error, error) {
	if o.platform == platformActuator {
		socket := actuator.NewSocket(o.actuatorSocket)
		events := mgr.GetEventRecorderFor("machine-actuator")
		return &actuator.Actuator{Client: mgr.GetClient(), Socket: socket, Events: events}, socket.Ping, nil
	}
	// Writes into MachineSets what their machines have, for an autoscaler that counts from zero.
	sizes := &vspheremachineset.Reconciler{Client: mgr.GetClient(), Log: ctrl.Log.WithName("machineset-sizes")}
	if err := sizes.SetupWithManager(mgr, controller.Options{}); err != nil {
		return nil, nil, err
	}
	machines := vsphere.NewActuator(vsphere.ActuatorParams{
		Client:                   mgr.GetClient(),
		APIReader:                mgr.GetAPIReader(),
		EventRecorder:            mgr.GetEventRecorderFor("vspherecontroller"),
		TaskIDCache:              map[string]string{},
		FeatureGates:             gates,
		OpenshiftConfigNamespace: vsphere.OpenshiftConfigNamespace,
	})
	return machines, func(context.Context) error { return nil }, nil
}
