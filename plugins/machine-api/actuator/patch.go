package actuator

import (
	"context"
	"encoding/json"
	"fmt"

	machinev1 "github.com/openshift/api/machine/v1beta1"
	machinecontroller "github.com/openshift/machine-api-operator/pkg/controller/machine"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Conditions in the providerStatus, by the call that they are about. The first is the Machine API's own.
var conditionTypes = map[string]string{
	callCreate: string(machinev1.MachineCreation),
	callUpdate: "MachineUpdate",
	callDelete: "MachineDeletion",
}

// patch puts an answer into the Machine: first into the object, then into its status, since the API server's answer to the first has the
// status as it was. What has not changed is not written.
func (a *Actuator) patch(ctx context.Context, call string, machine *machinev1.Machine, answer *Answer) error {
	before := machine.DeepCopy()
	answer.intoObject(machine)
	if err := answer.intoStatus(call, machine); err != nil {
		return err
	}
	status := machine.Status.DeepCopy()
	base := client.MergeFrom(before)
	if !equality.Semantic.DeepEqual(before.ObjectMeta, machine.ObjectMeta) || !equality.Semantic.DeepEqual(before.Spec, machine.Spec) {
		if err := a.Client.Patch(ctx, machine, base); err != nil {
			return fmt.Errorf("the Machine cannot be patched: %w", err)
		}
		machine.Status = *status
	}
	if !equality.Semantic.DeepEqual(before.Status, machine.Status) {
		if err := a.Client.Status().Patch(ctx, machine, base); err != nil {
			return fmt.Errorf("the Machine's status cannot be patched: %w", err)
		}
	}
	return nil
}

func (a *Answer) intoObject(machine *machinev1.Machine) {
	if a.ProviderID != "" {
		machine.Spec.ProviderID = ptr.To(a.ProviderID)
	}
	set := func(into *map[string]string, name, value string) {
		if value == "" {
			return
		}
		if *into == nil {
			*into = map[string]string{}
		}
		(*into)[name] = value
	}
	set(&machine.Annotations, machinecontroller.MachineInstanceStateAnnotationName, a.InstanceState)
	set(&machine.Labels, machinecontroller.MachineInstanceTypeLabelName, a.InstanceType)
	set(&machine.Labels, machinecontroller.MachineRegionLabelName, a.Region)
	set(&machine.Labels, machinecontroller.MachineAZLabelName, a.Zone)
}

func (a *Answer) intoStatus(call string, machine *machinev1.Machine) error {
	if a.Addresses != nil {
		machine.Status.Addresses = a.Addresses
	}
	status := map[string]any{}
	if machine.Status.ProviderStatus != nil && machine.Status.ProviderStatus.Raw != nil {
		if err := json.Unmarshal(machine.Status.ProviderStatus.Raw, &status); err != nil {
			status = map[string]any{}
		}
	}
	conditions := conditionsOf(status)
	if a.ProviderStatus != nil {
		status = a.ProviderStatus
	}
	if a.InstanceState != "" {
		// Where the machine controller writes Unknown when a machine is lost.
		status["instanceState"] = a.InstanceState
	}
	a.addCondition(call, &conditions)
	if len(conditions) > 0 {
		status["conditions"] = conditions
	}
	if len(status) == 0 {
		return nil
	}
	// By way of values without types, keys are in the order of the alphabet, as the API server keeps them.
	raw, err := json.Marshal(status)
	if err != nil {
		return err
	}
	if !sameJSON(machine.Status.ProviderStatus, raw) {
		machine.Status.ProviderStatus = &runtime.RawExtension{Raw: raw}
	}
	return nil
}

// addCondition records how the call went. An update that goes well says nothing unless one had failed before.
func (a *Answer) addCondition(call string, conditions *[]metav1.Condition) {
	kind := conditionTypes[call]
	condition := metav1.Condition{Type: kind, Status: metav1.ConditionTrue, Reason: kind + "Succeeded"}
	if a.Error != nil {
		condition.Status, condition.Reason, condition.Message = metav1.ConditionFalse, a.Error.Reason, a.Error.Message
		// Each write lets the Machine be looked at again at once: a message that is another each time would defeat the back-off.
		if old := meta.FindStatusCondition(*conditions, kind); old != nil && old.Status == condition.Status && old.Reason == condition.Reason {
			return
		}
	} else if call != callCreate && meta.FindStatusCondition(*conditions, kind) == nil {
		return
	}
	meta.SetStatusCondition(conditions, condition)
}

func conditionsOf(status map[string]any) []metav1.Condition {
	var conditions []metav1.Condition
	if raw, err := json.Marshal(status["conditions"]); err == nil {
		_ = json.Unmarshal(raw, &conditions)
	}
	return conditions
}

func sameJSON(old *runtime.RawExtension, raw []byte) bool {
	if old == nil {
		return false
	}
	var was, is any
	return json.Unmarshal(old.Raw, &was) == nil && json.Unmarshal(raw, &is) == nil && equality.Semantic.DeepEqual(was, is)
}
