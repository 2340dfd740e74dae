package actuator

import (
	"sync"
	"time"

	machinev1 "github.com/openshift/api/machine/v1beta1"
)

// final is how long an Invalid create is taken for the last word: long enough for the Machine's phase Failed to come back from the API server.
const final = 10 * time.Second

// pauses are what the actuator answered that holds for a while: nothing is asked before. The machine controller keeps to it too, but looks at a Machine
// at once when it changes, as it does by the very condition that reports the failure; and then it may not see yet that the Machine has failed.
type pauses struct {
	mu   sync.Mutex
	kept map[string]pause
}

type pause struct {
	end     time.Time
	failure Failure
}

func keyOf(call string, machine *machinev1.Machine) string { return call + " " + string(machine.UID) }

func (p *pauses) keep(call string, machine *machinev1.Machine, failure *Failure) {
	now := time.Now()
	var end time.Time
	switch {
	case failure.Kind == Requeue:
		end = now.Add(failure.after())
	case failure.Kind == Invalid && call == callCreate:
		end = now.Add(final)
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[string]pause{}
	}
	for key, old := range p.kept {
		if old.end.Before(now) {
			delete(p.kept, key)
		}
	}
	p.kept[keyOf(call, machine)] = pause{end, *failure}
}

// error is what the actuator would say now, if it has said how long that holds.
func (p *pauses) error(call string, machine *machinev1.Machine) error {
	p.mu.Lock()
	kept := p.kept[keyOf(call, machine)]
	p.mu.Unlock()
	left := time.Until(kept.end)
	if left <= 0 {
		return nil
	}
	failure := kept.failure
	failure.RequeueSeconds = left.Seconds()
	return failure.asError()
}
