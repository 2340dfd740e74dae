#!/bin/bash
# Lets the control plane's hosts alone have addresses from this machine: others on the network are not to boot from it. Argument: an interface.
set -euo pipefail
# shellcheck source=/dev/null
source /etc/ironic.env

CHAIN=provisioning-dhcp
[[ -n $DHCP_HOSTS ]] || exit 0
iptables --wait --new-chain $CHAIN 2>/dev/null || iptables --wait --flush $CHAIN
for mac in $DHCP_HOSTS; do iptables --wait --append $CHAIN --match mac --mac-source "$mac" --jump ACCEPT; done
iptables --wait --append $CHAIN --jump DROP
rule=(--in-interface "$1" --protocol udp --dport 67 --jump "$CHAIN")
iptables --wait --check INPUT "${rule[@]}" 2>/dev/null || iptables --wait --insert INPUT "${rule[@]}"
