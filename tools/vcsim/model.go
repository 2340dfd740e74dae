package main

import (
	"flag"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/vpx"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const gib = int64(1) << 30

type options struct {
	listen, user, tlsNames, caFile string
	inventory                      *simulator.Model
	hostMemory, datastore          int64
	hostCPUs                       int
	apiVersion, build              string
	clockSkew                      time.Duration
}

func flagsOf(set *flag.FlagSet) *options {
	o := &options{inventory: simulator.VPX()}
	set.StringVar(&o.listen, "listen", "127.0.0.1:0", "address and port")
	set.StringVar(&o.user, "user", "administrator@vsphere.local", "the only user, if VCSIM_PASSWORD is set")
	set.StringVar(&o.tlsNames, "tls-names", "localhost,127.0.0.1", "DNS names and addresses in the certificate, with commas between")
	set.StringVar(&o.caFile, "ca", "", "where to write the PEM of the certificate's authority")
	set.IntVar(&o.inventory.Datacenter, "datacenters", 1, "DC0, DC1…")
	set.IntVar(&o.inventory.Cluster, "clusters", 1, "in each datacenter: DC0_C0…")
	set.IntVar(&o.inventory.ClusterHost, "hosts", 3, "in each cluster")
	set.IntVar(&o.inventory.Host, "standalone-hosts", 0, "in each datacenter")
	set.IntVar(&o.inventory.Pool, "pools", 0, "resource pools in each cluster, besides its root pool")
	set.IntVar(&o.inventory.Datastore, "datastores", 1, "in each datacenter: LocalDS_0…")
	set.IntVar(&o.inventory.Portgroup, "port-groups", 1, "in each datacenter: DC0_DVPG0…")
	set.IntVar(&o.inventory.Folder, "folders", 0, "put each datacenter into a folder")
	set.IntVar(&o.inventory.Machine, "machines", 0, "virtual machines in each resource pool: DC0_C0_RP0_VM0…")
	set.BoolVar(&o.inventory.Autostart, "power-on", true, "start those machines")
	set.IntVar(&o.inventory.DelayConfig.Delay, "delay", 0, "milliseconds that each SOAP call takes longer")
	set.Int64Var(&o.hostMemory, "host-memory", 0, "GiB of each host; as the simulator has it unless given")
	set.IntVar(&o.hostCPUs, "host-cpus", 0, "cores of each host; likewise")
	set.Int64Var(&o.datastore, "datastore-size", 0, "GiB of each datastore, all free; likewise")
	set.StringVar(&o.apiVersion, "api-version", "8.0.3", "version that the vCenter reports")
	set.StringVar(&o.build, "build", "24322831", "build number that it reports")
	set.DurationVar(&o.clockSkew, "clock-skew", 0, "how far the vCenter's clock is ahead")
	return o
}

func (o *options) model() (*simulator.Model, error) {
	model := o.inventory
	model.ServiceContent = vpx.ServiceContent
	model.ServiceContent.About.Version = o.apiVersion
	model.ServiceContent.About.ApiVersion = o.apiVersion
	model.ServiceContent.About.Build = o.build
	if err := model.Create(); err != nil {
		return nil, err
	}
	model.Map().AddHandler(swapPlacement{})
	cloneLikeVCenter(model.Map())
	for _, each := range model.Map().All("HostSystem") {
		o.resizeHost(each.(*simulator.HostSystem))
	}
	for _, each := range model.Map().All("Datastore") {
		if summary := &each.(*simulator.Datastore).Summary; o.datastore > 0 {
			summary.Capacity, summary.FreeSpace = o.datastore*gib, o.datastore*gib
		}
	}
	if o.clockSkew != 0 {
		instance := model.Map().Get(vim25.ServiceInstance).(*simulator.ServiceInstance)
		model.Map().Put(&skewed{instance, o.clockSkew})
	}
	return model, nil
}

func (o *options) resizeHost(host *simulator.HostSystem) {
	if o.hostMemory > 0 {
		host.Hardware.MemorySize = o.hostMemory * gib
		host.Summary.Hardware.MemorySize = o.hostMemory * gib
	}
	if o.hostCPUs > 0 {
		host.Hardware.CpuInfo.NumCpuCores = int16(o.hostCPUs)
		host.Summary.Hardware.NumCpuCores = int16(o.hostCPUs)
		host.Summary.Hardware.NumCpuThreads = int16(o.hostCPUs)
	}
}

// swapPlacement fills in what every real machine has and the simulator leaves empty: providers would correct it for ever.
type swapPlacement struct{}

func (swapPlacement) Reference() types.ManagedObjectReference {
	return types.ManagedObjectReference{Type: "SwapPlacementHandler", Value: "SwapPlacementHandler"}
}

func (swapPlacement) PutObject(_ *simulator.Context, object mo.Reference) {
	if machine, ok := object.(*simulator.VirtualMachine); ok && machine.Config != nil && machine.Config.SwapPlacement == "" {
		machine.Config.SwapPlacement = string(types.VirtualMachineConfigInfoSwapPlacementTypeInherit)
	}
}

func (swapPlacement) UpdateObject(*simulator.Context, mo.Reference, []types.PropertyChange) {}

func (swapPlacement) RemoveObject(*simulator.Context, types.ManagedObjectReference) {}

// skewed is a vCenter whose clock is wrong.
type skewed struct {
	*simulator.ServiceInstance
	by time.Duration
}

func (s *skewed) CurrentTime(*types.CurrentTime) soap.HasFault {
	return &methods.CurrentTimeBody{Res: &types.CurrentTimeResponse{Returnval: time.Now().Add(s.by)}}
}
