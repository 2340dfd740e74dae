package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

const (
	platformActuator = "actuator"
	platformVSphere  = "vsphere"
)

type options struct {
	kubeconfig, namespace, platform string
	actuatorSocket, statusSocket    string
	autoscaler                      bool
	autoscalerImage                 string
	leaderElect, stopWithInput      bool
	leaseDuration                   time.Duration
	qps                             float64
	burst, maxConcurrent            int
}

func (o *options) declare(flags *flag.FlagSet) {
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "kubeconfig of the cluster")
	flags.StringVar(&o.namespace, "namespace", "openshift-machine-api", "namespace of the Machine API's objects; others are not looked at")
	flags.StringVar(&o.platform, "platform", platformActuator, "who creates machines: actuator (asked over a socket), or vsphere (in this process)")
	flags.StringVar(&o.actuatorSocket, "actuator-socket", "", "unix socket of the actuator")
	flags.StringVar(&o.statusSocket, "status-socket", "", "unix socket to serve /healthz, /readyz and /metrics on; there is no TCP port")
	flags.BoolVar(&o.autoscaler, "autoscaler", false, "also act on MachineAutoscalers and the ClusterAutoscaler")
	flags.StringVar(&o.autoscalerImage, "autoscaler-image", "", "image of the cluster's autoscaler, for its Deployment")
	flags.BoolVar(&o.leaderElect, "leader-elect", false, "act only while holding the Lease, of several that run")
	flags.BoolVar(&o.stopWithInput, "stop-with-stdin", false, "end when standard input does, as it does with the process that started this one")
	flags.DurationVar(&o.leaseDuration, "leader-elect-lease-duration", 30*time.Second, "how long a Lease that is not renewed is respected")
	flags.Float64Var(&o.qps, "kube-api-qps", 100, "requests a second to the API server")
	flags.IntVar(&o.burst, "kube-api-burst", 200, "requests at once to the API server, beyond that rate")
	flags.IntVar(&o.maxConcurrent, "max-concurrent", 1, "Machines worked on at once, and so creates at once; vSphere's actuator works on one")
}

func (o *options) check(arguments []string) error {
	if len(arguments) > 0 {
		return fmt.Errorf("unknown argument %q", arguments[0])
	}
	for name, value := range map[string]string{"kubeconfig": o.kubeconfig, "namespace": o.namespace, "status-socket": o.statusSocket} {
		if value == "" {
			return fmt.Errorf("-%s is needed", name)
		}
	}
	switch {
	case o.platform != platformActuator && o.platform != platformVSphere:
		return fmt.Errorf("-platform is %q: it must be %s or %s", o.platform, platformActuator, platformVSphere)
	case (o.platform == platformActuator) != (o.actuatorSocket != ""):
		return errors.New("-actuator-socket goes with -platform actuator, and with no other")
	case o.autoscaler != (o.autoscalerImage != ""):
		return errors.New("-autoscaler and -autoscaler-image go together")
	case o.maxConcurrent < 1 || o.qps <= 0 || o.burst < 1:
		return errors.New("-max-concurrent, -kube-api-qps and -kube-api-burst must be positive")
	case o.platform == platformVSphere && o.maxConcurrent != 1:
		// It keeps its tasks in a map without a lock; its creates are tasks of vCenter, which run beside each other all the same.
		return errors.New("-max-concurrent must be 1 with -platform vsphere")
	case o.leaseDuration < 3*time.Second:
		return errors.New("-leader-elect-lease-duration must be 3s at least")
	}
	return nil
}

// identity names this process in the Lease.
func identity() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s_%d_%s", host, os.Getpid(), strings.ReplaceAll(time.Now().UTC().Format("150405.000"), ".", ""))
}
