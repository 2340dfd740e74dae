#!/bin/bash
# Finds out where Ironic listens, and which images of the release it is, for the containers that provision the control plane's hosts.
set -euo pipefail
# shellcheck source=SCRIPTDIR/release-image.sh
source /usr/local/bin/release-image.sh
# shellcheck source=/dev/null
source /etc/ironic-network.env

interface_by_mac() { ip -json link | jq --raw-output --arg mac "${1,,}" '.[] | select(.address == $mac) | .ifname'; }
interface_by_address() { ip -json address | jq --raw-output --arg address "$1" '.[] | select(any(.addr_info[]?; .local == $address)) | .ifname'; }
interface_of_default_route() { { ip -json route show default; ip -json -6 route show default; } | jq --raw-output --slurp 'add | .[0].dev // ""'; }

interface=
[[ -z $PROVISIONING_MAC ]] || interface=$(interface_by_mac "$PROVISIONING_MAC")
[[ -n $interface || -z $PROVISIONING_IP ]] || interface=$(interface_by_address "$PROVISIONING_IP")
[[ -n $interface ]] || interface=$(interface_of_default_route)
if [[ -z $interface ]]; then
  echo "no interface of this machine is on the provisioning network" >&2
  exit 1
fi
address=$PROVISIONING_IP
[[ -n $address ]] || address=$(ip -json address show dev "$interface" | jq --raw-output '[.[0].addr_info[] | select(.scope == "global")][0].local')

ironic=$(image_of ironic)
operator=$(image_of baremetal-operator)
customization=$(image_of image-customization-controller)
umask 077
cat >/etc/ironic-images.env <<END
IRONIC_IMAGE=$ironic
BAREMETAL_OPERATOR_IMAGE=$operator
CUSTOMIZATION_IMAGE=$customization
END

kept=$(grep -v -E '^(PROVISIONING_INTERFACE|IRONIC_IP|HTTP_PORT)=' /etc/ironic-network.env)
cat >/etc/ironic-network.env <<END
$kept
PROVISIONING_INTERFACE="$interface"
IRONIC_IP="$address"
HTTP_PORT="80"
END
