#!/bin/bash
# The plainest way to make machines on vSphere: what an experienced user would type. GOVC_* name the vCenter.
# Usage: clone-machines.sh FOLDER COUNT; FOLDER holds image.ova and ignition.b64
set -euo pipefail
cd "$1"
category=$(govc tags.category.create -m=false -t VirtualMachine -t Folder bare)
govc tags.create -c "$category" bare >/dev/null
govc folder.create /DC0/vm/bare
govc tags.attach -c bare bare /DC0/vm/bare
pool=/DC0/host/DC0_C0/Resources
govc import.ova -name template -folder /DC0/vm/bare -pool "$pool" -ds LocalDS_0 image.ova >/dev/null
govc vm.markastemplate /DC0/vm/bare/template
for ((i = 0; i < $2; i++)); do
  vm=/DC0/vm/bare/bare-$i
  govc vm.clone -vm /DC0/vm/bare/template -on=false -folder /DC0/vm/bare -pool "$pool" -ds LocalDS_0 -net DC0_DVPG0 -c 1 -m 256 "bare-$i" >/dev/null
  govc vm.disk.change -vm "$vm" -size 2G
  govc vm.change -vm "$vm" -e disk.enableUUID=TRUE -e stealclock.enable=TRUE -e "guestinfo.hostname=bare-$i" \
    -e guestinfo.ignition.config.data.encoding=gzip+base64 -f guestinfo.ignition.config.data=ignition.b64
  govc tags.attach -c bare bare "$vm"
  govc vm.power -on "$vm" >/dev/null
done
