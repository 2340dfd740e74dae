#!/bin/bash
# Opens what hosts are provisioned through. Argument: an interface; without it, all.
set -euo pipefail

# DHCP (of both families) and TFTP; web servers of images and of virtual media, Ironic, and what makes images.
UDP=(67 69 547)
TCP=(80 6180 6183 6385 8084)
interface=()
[[ -z ${1:-} ]] || interface=(--in-interface "$1")

# open PROGRAM PROTOCOL PORT: unless it is open already.
open() {
  local rule=("${interface[@]}" --protocol "$2" --dport "$3" --jump ACCEPT)
  "$1" --wait --check INPUT "${rule[@]}" 2>/dev/null || "$1" --wait --insert INPUT "${rule[@]}"
}

for program in iptables ip6tables; do
  for port in "${UDP[@]}"; do open $program udp "$port"; done
  for port in "${TCP[@]}"; do open $program tcp "$port"; done
done
