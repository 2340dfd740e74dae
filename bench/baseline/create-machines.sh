#!/bin/bash
# The plainest way to make machines: what an experienced user would type. The documents lie ready in FOLDER.
# Usage: create-machines.sh FOLDER COUNT
set -euo pipefail
cd "$1"
virsh() { command virsh --quiet "$@" >/dev/null; }
virsh net-define network.xml
virsh net-start bare
virsh pool-define-as bare dir --target /var/lib/libvirt/images/bare
virsh pool-build bare
virsh pool-start bare
virsh vol-create-as bare base.qcow2 "$(stat --format %s base.qcow2)" --format qcow2
virsh vol-upload --pool bare base.qcow2 base.qcow2
for ((i = 0; i < $2; i++)); do
  virsh vol-create-as bare "bare-$i.qcow2" 10G --format qcow2 --backing-vol base.qcow2 --backing-vol-format qcow2
  virsh vol-create-as bare "bare-$i.ign" "$(stat --format %s machine.ign)" --format raw
  virsh vol-upload --pool bare "bare-$i.ign" machine.ign
  virsh define "bare-$i.xml"
done
