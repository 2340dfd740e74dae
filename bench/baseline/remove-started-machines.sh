#!/bin/bash
# Removes what create-started-machines.sh created.
# Usage: remove-started-machines.sh COUNT URI NETWORK POOL
set -euo pipefail
virsh() { command virsh --quiet --connect "$uri" "$@" >/dev/null; }
uri=$2 network=$3 pool=$4
for ((i = 0; i < $1; i++)); do
  address="192.168.126.$((20 + i))"
  virsh destroy "bare-$i"
  virsh undefine "bare-$i"
  virsh vol-delete --pool "$pool" "bare-$i.qcow2"
  virsh vol-delete --pool "$pool" "bare-$i.ign"
  virsh net-update "$network" delete ip-dhcp-host "<host mac='52:54:00:00:02:$(printf %02x "$i")' name='bare-$i' ip='$address'/>" --live --config
  virsh net-update "$network" delete dns-host "<host ip='$address'><hostname>bare-$i</hostname></host>" --live --config
done
