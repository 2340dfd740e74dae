#!/bin/bash
# Gives this machine its address on the provisioning network, and opens what hosts are provisioned through.
set -euo pipefail
# shellcheck source=/dev/null
source /etc/ironic-network.env

if [[ $PROVISIONING_NETWORK != Disabled ]]; then
  interface=$(ip -json link | jq --raw-output --arg mac "${PROVISIONING_MAC,,}" '.[] | select(.address == $mac) | .ifname')
  if [[ -z $interface ]]; then
    echo "no interface of this machine has the MAC address ${PROVISIONING_MAC:-of the provisioning network}" >&2
    exit 1
  fi
  used=ipv4 unused=ipv6
  [[ $PROVISIONING_IP != *:* ]] || used=ipv6 unused=ipv4
  # A connection of an earlier run is replaced.
  nmcli connection delete provisioning 2>/dev/null || true
  nmcli connection add type ethernet con-name provisioning ifname "$interface" \
    "$used.method" manual "$used.addresses" "$PROVISIONING_IP/$PROVISIONING_PREFIX" "$used.never-default" yes "$unused.method" disabled
  nmcli connection up provisioning
  /usr/local/bin/prov-iptables.sh "$interface"
  /usr/local/bin/dhcp-filter.sh "$interface"
fi
