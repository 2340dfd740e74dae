package main

import (
	"context"
	"fmt"

	configv1 "github.com/openshift/api/config/v1"
	autoscaling "github.com/openshift/cluster-autoscaler-operator/pkg/apis"
	"github.com/openshift/cluster-autoscaler-operator/pkg/controller/clusterautoscaler"
	"github.com/openshift/cluster-autoscaler-operator/pkg/controller/machineautoscaler"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
)

const (
	// autoscalerName is that of the only ClusterAutoscaler that is acted on.
	autoscalerName = "default"
	// autoscalerProvider is how the autoscaler scales MachineSets.
	autoscalerProvider = "clusterapi"
	infrastructureName = "cluster"
)

// addAutoscaler runs the controllers of the autoscaler's operator: of the bounds of MachineSets, and of the autoscaler's Deployment.
func (o *options) addAutoscaler(ctx context.Context, mgr manager.Manager) error {
	if err := autoscaling.AddToScheme(mgr.GetScheme()); err != nil {
		return err
	}
	if err := monitoringv1.AddToScheme(mgr.GetScheme()); err != nil {
		return err
	}
	direct, err := client.New(mgr.GetConfig(), client.Options{})
	if err != nil {
		return err
	}
	if err := ensurePlatform(ctx, direct); err != nil {
		return fmt.Errorf("the object that names the platform cannot be created: %w", err)
	}
	deployment := clusterautoscaler.NewReconciler(mgr, clusterautoscaler.Config{
		ReleaseVersion: version,
		Name:           autoscalerName,
		Image:          o.autoscalerImage,
		Replicas:       1,
		Namespace:      o.namespace,
		CloudProvider:  autoscalerProvider,
		Verbosity:      1,
	})
	if err := deployment.AddToManager(mgr); err != nil {
		return err
	}
	bounds := machineautoscaler.NewReconciler(mgr, machineautoscaler.Config{
		Namespace:           o.namespace,
		SupportedTargetGVKs: machineautoscaler.DefaultSupportedTargetGVKs(),
	})
	return bounds.AddToManager(mgr)
}

// ensurePlatform lets the cluster's Infrastructure say a platform in its status, which the operator reads without a look whether there is one.
// Where nobody has created the object, there is no platform that OpenShift knows.
func ensurePlatform(ctx context.Context, direct client.Client) error {
	found := &unstructured.Unstructured{}
	found.SetGroupVersionKind(configv1.GroupVersion.WithKind("Infrastructure"))
	found.SetName(infrastructureName)
	err := direct.Get(ctx, client.ObjectKey{Name: infrastructureName}, found)
	if apierrors.IsNotFound(err) {
		spec := map[string]any{"platformSpec": map[string]any{"type": string(configv1.NonePlatformType)}}
		if err = unstructured.SetNestedMap(found.Object, spec, "spec"); err == nil {
			err = direct.Create(ctx, found)
		}
	}
	if err != nil {
		return err
	}
	if _, known, _ := unstructured.NestedString(found.Object, "status", "platformStatus", "type"); known {
		return nil
	}
	platform, _, _ := unstructured.NestedString(found.Object, "spec", "platformSpec", "type")
	if platform == "" {
		platform = string(configv1.NonePlatformType)
	}
	patch := fmt.Sprintf(`{"status":{"platform":%[1]q,"platformStatus":{"type":%[1]q}}}`, platform)
	return direct.Status().Patch(ctx, found, client.RawPatch(types.MergePatchType, []byte(patch)))
}
