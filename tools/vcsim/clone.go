package main

import (
	"slices"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// cloner takes the requests for clones, so that these have what is asked for. The simulator drops all of `spec.config` but the devices, and takes neither
// notes, settings nor nested virtualization over from the source; in vSphere's API `config` holds changes to what the source has (VirtualMachineCloneSpec).
type cloner struct {
	// Searches go through all that is registered, and expect a managed object.
	mo.ServiceInstance
}

func cloneLikeVCenter(registry *simulator.Registry) {
	handler := &cloner{mo.ServiceInstance{Self: types.ManagedObjectReference{Type: "CloneHandler", Value: "CloneHandler"}}}
	registry.Put(handler)
	registry.Handler = func(_ *simulator.Context, method *simulator.Method) (mo.Reference, types.BaseMethodFault) {
		// The body still names the source. An object returned here would not be used: a session prefers its own.
		if method.Name == "CloneVM_Task" {
			method.This = handler.Self
		}
		return nil, nil
	}
}

// CloneVMTask clones as the simulator does, then configures the clone, in one task: nobody sees a clone that is not complete.
func (c *cloner) CloneVMTask(ctx *simulator.Context, request *types.CloneVM_Task) soap.HasFault {
	source, ok := ctx.Map.Get(request.This).(*simulator.VirtualMachine)
	if !ok {
		return &methods.CloneVM_TaskBody{Fault_: simulator.Fault("no such machine", &types.ManagedObjectNotFound{Obj: request.This})}
	}
	task := simulator.CreateTask(source, "cloneVm", func(*simulator.Task) (types.AnyType, types.BaseMethodFault) {
		changes := changesTo(source, request.Spec.Config)
		plain := *request
		plain.Spec.Config, plain.Spec.Template = nil, false
		plain.Spec.Location.Host = hostFor(ctx, source, plain.Spec.Location)
		cloned := source.CloneVMTask(ctx, &plain).(*methods.CloneVM_TaskBody)
		if cloned.Fault() != nil {
			return nil, cloned.Fault().VimFault().(types.BaseMethodFault)
		}
		result, fault := finish(ctx, cloned.Res.Returnval)
		if fault != nil {
			return nil, fault
		}
		reference := result.(types.ManagedObjectReference)
		clone := ctx.Map.Get(reference).(*simulator.VirtualMachine)
		keepDiskFiles(clone, changes)
		configured := clone.ReconfigVMTask(ctx, &types.ReconfigVM_Task{This: reference, Spec: *changes}).(*methods.ReconfigVM_TaskBody)
		if _, fault := finish(ctx, configured.Res.Returnval); fault != nil {
			// What cannot be configured is not left behind.
			removed := clone.DestroyTask(ctx, &types.Destroy_Task{This: reference}).(*methods.Destroy_TaskBody)
			_, _ = finish(ctx, removed.Res.Returnval)
			return nil, fault
		}
		if request.Spec.Template {
			_ = clone.MarkAsTemplate(&types.MarkAsTemplate{This: reference})
		}
		return reference, nil
	})
	return &methods.CloneVM_TaskBody{Res: &types.CloneVM_TaskResponse{Returnval: task.Run(ctx)}}
}

// changesTo are those of the request, over what the source has and the simulator does not take over from it.
func changesTo(source *simulator.VirtualMachine, asked *types.VirtualMachineConfigSpec) *types.VirtualMachineConfigSpec {
	changes := types.VirtualMachineConfigSpec{}
	if asked != nil {
		changes = *asked
	}
	// The clone's name is that of the request itself.
	changes.Name = ""
	if changes.Annotation == "" {
		changes.Annotation = source.Config.Annotation
	}
	if changes.NestedHVEnabled == nil {
		changes.NestedHVEnabled = source.Config.NestedHVEnabled
	}
	settings := append([]types.BaseOptionValue{}, source.Config.ExtraConfig...)
	changes.ExtraConfig = append(settings, changes.ExtraConfig...)
	return &changes
}

// hostFor is what DRS would choose where the request names no host: one of the pool's cluster. The simulator would take the source's.
func hostFor(ctx *simulator.Context, source *simulator.VirtualMachine, location types.VirtualMachineRelocateSpec) *types.ManagedObjectReference {
	if location.Host != nil || location.Pool == nil {
		return location.Host
	}
	pool, ok := ctx.Map.Get(*location.Pool).(*simulator.ResourcePool)
	if !ok {
		return nil
	}
	var hosts []types.ManagedObjectReference
	switch owner := ctx.Map.Get(pool.Owner).(type) {
	case *simulator.ClusterComputeResource:
		hosts = owner.Host
	case *mo.ComputeResource:
		hosts = owner.Host
	}
	if len(hosts) == 0 || source.Runtime.Host != nil && slices.Contains(hosts, *source.Runtime.Host) {
		return nil
	}
	return &hosts[0]
}

// keepDiskFiles lets changes of disks be those of the clone's own: a request names the source's files.
func keepDiskFiles(clone *simulator.VirtualMachine, changes *types.VirtualMachineConfigSpec) {
	devices := object.VirtualDeviceList(clone.Config.Hardware.Device)
	for index, change := range changes.DeviceChange {
		spec := *change.GetVirtualDeviceConfigSpec()
		asked, isDisk := spec.Device.(*types.VirtualDisk)
		if !isDisk || spec.Operation != types.VirtualDeviceConfigSpecOperationEdit {
			continue
		}
		if own, found := devices.FindByKey(asked.Key).(*types.VirtualDisk); found {
			disk := *own
			// Clients change one of them, and leave the other as it was or out.
			if asked.CapacityInKB != own.CapacityInKB && asked.CapacityInKB != 0 {
				disk.CapacityInKB, disk.CapacityInBytes = asked.CapacityInKB, asked.CapacityInKB*1024
			} else if asked.CapacityInBytes != 0 {
				disk.CapacityInKB, disk.CapacityInBytes = asked.CapacityInBytes/1024, asked.CapacityInBytes
			}
			spec.Device = &disk
			changes.DeviceChange[index] = &spec
		}
	}
}

// finish waits for a task within another.
func finish(ctx *simulator.Context, reference types.ManagedObjectReference) (types.AnyType, types.BaseMethodFault) {
	task := ctx.Map.Get(reference).(*simulator.Task)
	task.Wait()
	if task.Info.Error != nil {
		return nil, task.Info.Error.Fault
	}
	return task.Info.Result, nil
}
