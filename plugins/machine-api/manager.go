package main

import (
	"context"
	"fmt"
	"time"

	configv1 "github.com/openshift/api/config/v1"
	machinev1 "github.com/openshift/api/machine/v1beta1"
	"github.com/openshift/machine-api-operator/pkg/controller/machine"
	"github.com/openshift/machine-api-operator/pkg/controller/machinehealthcheck"
	"github.com/openshift/machine-api-operator/pkg/controller/machineset"
	"github.com/openshift/machine-api-operator/pkg/controller/nodelink"
	"github.com/openshift/machine-api-operator/pkg/metrics"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/utils/ptr"
	ipamv1beta1 "sigs.k8s.io/cluster-api/api/ipam/v1beta1" //nolint:staticcheck // the version that the vSphere actuator asks for
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

const (
	leaseName = "virt-ipi-machine-api"
	// resync is how often everything is looked at though nothing has changed, as in the controllers' own programs.
	resync = 10 * time.Minute
)

// newManager has all controllers in it, and serves the status socket.
func newManager(ctx context.Context, o *options, known *secrets) (manager.Manager, error) {
	config, err := clientcmd.BuildConfigFromFlags("", o.kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("the kubeconfig cannot be read: %w", err)
	}
	config.QPS, config.Burst = float32(o.qps), o.burst
	config.UserAgent = "machine-api-controllers/" + version
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, machinev1.Install, configv1.Install, ipamv1beta1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	managerOptions := manager.Options{
		Scheme: scheme,
		Cache: cache.Options{
			SyncPeriod:        ptr.To(resync),
			DefaultNamespaces: map[string]cache.Config{o.namespace: {}},
			DefaultTransform:  cache.TransformStripManagedFields(),
		},
		NewClient: known.newClient,
		Client:    client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}, &corev1.ConfigMap{}}}},
		// Both are on the status socket.
		Metrics:                metricsserver.Options{BindAddress: "0"},
		HealthProbeBindAddress: "0",
	}
	if o.leaderElect {
		if err := o.elect(&managerOptions); err != nil {
			return nil, err
		}
	}
	mgr, err := manager.New(config, managerOptions)
	if err != nil {
		return nil, err
	}
	gates, err := newGates()
	if err != nil {
		return nil, err
	}
	machines, ping, err := o.actuator(mgr, gates)
	if err != nil {
		return nil, err
	}
	if err := machine.AddWithActuatorOpts(mgr, machines, controller.Options{MaxConcurrentReconciles: o.maxConcurrent}, gates); err != nil {
		return nil, err
	}
	if err := machineset.Add(mgr, managerOptions, gates); err != nil {
		return nil, err
	}
	for _, add := range []func(manager.Manager, manager.Options) error{machinehealthcheck.Add, nodelink.Add} {
		if err := add(mgr, managerOptions); err != nil {
			return nil, err
		}
	}
	if o.autoscaler {
		if err := o.addAutoscaler(ctx, mgr); err != nil {
			return nil, err
		}
	}
	metrics.InitializeMachineHealthCheckMetrics()
	return mgr, mgr.Add(&statusServer{path: o.statusSocket, cache: mgr.GetCache(), ping: ping})
}

// elect lets the Lease be given up at once when the process ends in order.
func (o *options) elect(to *manager.Options) error {
	to.LeaderElection = true
	to.LeaderElectionID = leaseName
	to.LeaderElectionNamespace = o.namespace
	to.LeaderElectionResourceLock = resourcelock.LeasesResourceLock
	to.LeaderElectionReleaseOnCancel = true
	to.LeaseDuration = ptr.To(o.leaseDuration)
	to.RenewDeadline = ptr.To(o.leaseDuration * 2 / 3)
	to.RetryPeriod = ptr.To(o.leaseDuration / 6)
	return nil
}
