package actuator

import (
	"sync"
	"time"

	machinev1 "github.com/openshift/api/machine/v1beta1"
)

// pauses are what the actuator asked for: nothing is asked before. The machine controller keeps to them too, but looks at a Machine at once when
// it changes, as it does by the very condition that reports the pause.
type pauses struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func keyOf(call string, machine *machinev1.Machine) string { return call + " " + string(machine.UID) }

func (p *pauses) keep(call string, machine *machinev1.Machine, failure *Failure) {
	if failure.Kind != Requeue {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.until == nil {
		p.until = map[string]time.Time{}
	}
	for key, end := range p.until {
		if end.Before(now) {
			delete(p.until, key)
		}
	}
	p.until[keyOf(call, machine)] = now.Add(failure.after())
}

func (p *pauses) left(call string, machine *machinev1.Machine) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.until[keyOf(call, machine)])
}
