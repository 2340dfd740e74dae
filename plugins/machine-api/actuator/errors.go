package actuator

import (
	"fmt"
	"time"

	machinecontroller "github.com/openshift/machine-api-operator/pkg/controller/machine"
)

const usualRequeue = 20 * time.Second

// asError is what the machine controller understands: Invalid lets the Machine fail, Requeue asks again in so many seconds, anything else
// backs off.
func (f *Failure) asError() error {
	switch f.Kind {
	case Invalid:
		return machinecontroller.InvalidMachineConfiguration("%s", f.Message)
	case Requeue:
		return &machinecontroller.RequeueAfterError{RequeueAfter: f.after()}
	default:
		return fmt.Errorf("%s: %s", f.Reason, f.Message)
	}
}

func (f *Failure) after() time.Duration {
	if f.RequeueSeconds <= 0 {
		return usualRequeue
	}
	return time.Duration(f.RequeueSeconds * float64(time.Second))
}
