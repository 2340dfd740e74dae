#!/bin/bash
# Machines with an address, names, a disk, an Ignition config and a start each, as an experienced user would type it, on a network and a pool that are there.
# Usage: create-started-machines.sh FOLDER COUNT URI NETWORK POOL IMAGE
set -euo pipefail
cd "$1"
virsh() { command virsh --quiet --connect "$uri" "$@" >/dev/null; }
uri=$3 network=$4 pool=$5 image=$6
for ((i = 0; i < $2; i++)); do
  address="192.168.126.$((20 + i))"
  virsh net-update "$network" add ip-dhcp-host "<host mac='52:54:00:00:02:$(printf %02x "$i")' name='bare-$i' ip='$address'/>" --live --config
  virsh net-update "$network" add dns-host "<host ip='$address'><hostname>bare-$i</hostname></host>" --live --config
  virsh vol-create-as "$pool" "bare-$i.qcow2" 1G --format qcow2 --backing-vol "$image" --backing-vol-format qcow2
  virsh vol-create-as "$pool" "bare-$i.ign" "$(stat --format %s machine.ign)" --format raw
  virsh vol-upload --pool "$pool" "bare-$i.ign" machine.ign
  virsh define "bare-$i.xml"
  virsh start "bare-$i"
done
