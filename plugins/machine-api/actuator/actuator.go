package actuator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	machinev1 "github.com/openshift/api/machine/v1beta1"
	machinecontroller "github.com/openshift/machine-api-operator/pkg/controller/machine"
	"github.com/openshift/machine-api-operator/pkg/metrics"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/record"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const userDataKey = "userData"

// Actuator is the machine controller's, of any platform: what it is asked, it asks the socket, and what it hears, it puts into the Machine.
type Actuator struct {
	// Client patches Machines, and reads Secrets from the API server itself.
	Client client.Client
	Socket *Socket
	Events record.EventRecorder
	pauses pauses
}

var _ machinecontroller.Actuator = &Actuator{}

// Exists asks if the machine exists. Whatever is not a clear answer is an error, never a no.
func (a *Actuator) Exists(ctx context.Context, machine *machinev1.Machine) (bool, error) {
	answer, err := a.Socket.Ask(ctx, callExists, Request{Machine: machine})
	if err != nil {
		return false, err
	}
	if answer.Error != nil {
		return false, answer.Error.asError()
	}
	return *answer.Exists, nil
}

// Create lets the machine be created, or go on to be.
func (a *Actuator) Create(ctx context.Context, machine *machinev1.Machine) error {
	userData, err := a.userData(ctx, machine)
	if err != nil {
		a.Events.Event(machine, corev1.EventTypeWarning, "UserDataMissing", err.Error())
		return err
	}
	if err := a.ask(ctx, callCreate, machine, Request{Machine: machine, UserData: userData}); err != nil {
		return err
	}
	a.Events.Eventf(machine, corev1.EventTypeNormal, "Created", "Created machine %s", machine.Name)
	return nil
}

// Update brings into the Machine what has become of the machine.
func (a *Actuator) Update(ctx context.Context, machine *machinev1.Machine) error {
	return a.ask(ctx, callUpdate, machine, Request{Machine: machine})
}

// Delete lets the machine be removed, with all that was created for it.
func (a *Actuator) Delete(ctx context.Context, machine *machinev1.Machine) error {
	if err := a.ask(ctx, callDelete, machine, Request{Machine: machine}); err != nil {
		return err
	}
	a.Events.Eventf(machine, corev1.EventTypeNormal, "Deleted", "Deleted machine %s", machine.Name)
	return nil
}

func (a *Actuator) ask(ctx context.Context, call string, machine *machinev1.Machine, request Request) error {
	if err := a.pauses.error(call, machine); err != nil {
		return err
	}
	answer, err := a.Socket.Ask(ctx, call, request)
	if err != nil {
		a.failed(call, machine, "ActuatorUnavailable", err.Error())
		return err
	}
	if answer.Error != nil {
		a.failed(call, machine, answer.Error.Reason, answer.Error.Message)
		a.pauses.keep(call, machine, answer.Error)
	}
	if err := a.patch(ctx, call, machine, answer); err != nil {
		return err
	}
	if answer.Error != nil {
		return answer.Error.asError()
	}
	return nil
}

var failureCounts = map[string]func(*metrics.MachineLabels){
	callCreate: metrics.RegisterFailedInstanceCreate,
	callUpdate: metrics.RegisterFailedInstanceUpdate,
	callDelete: metrics.RegisterFailedInstanceDelete,
}

// failed shows a failure where people look: in the Machine's events and in the metrics.
func (a *Actuator) failed(call string, machine *machinev1.Machine, reason, message string) {
	a.Events.Event(machine, corev1.EventTypeWarning, reason, message)
	failureCounts[call](&metrics.MachineLabels{Name: machine.Name, Namespace: machine.Namespace, Reason: reason})
}

// userData is what the Secret holds that the providerSpec names, if it names one. A Secret that is missing may still come.
func (a *Actuator) userData(ctx context.Context, machine *machinev1.Machine) (*string, error) {
	var spec struct {
		UserDataSecret *corev1.LocalObjectReference `json:"userDataSecret"`
	}
	if err := json.Unmarshal(machine.Spec.ProviderSpec.Value.Raw, &spec); err != nil {
		// The text may hold anything, so it is not repeated.
		return nil, machinecontroller.InvalidMachineConfiguration("the providerSpec cannot be read")
	}
	if spec.UserDataSecret == nil || spec.UserDataSecret.Name == "" {
		return nil, nil
	}
	var secret corev1.Secret
	key := client.ObjectKey{Namespace: machine.Namespace, Name: spec.UserDataSecret.Name}
	if err := a.Client.Get(ctx, key, &secret); err != nil {
		return nil, fmt.Errorf("user data: %w", err)
	}
	data, found := secret.Data[userDataKey]
	if !found {
		return nil, errors.New("user data: the Secret " + key.String() + " has no key " + userDataKey)
	}
	text := string(data)
	return &text, nil
}
