#!/bin/bash
# Packs what a control-plane machine knows of an installation into masters-NAME.tar.gz. Option: --id NAME. installer-gather.sh runs it there.
set -uo pipefail

ID=masters
if [[ ${1:-} == --id ]]; then ID=$2; fi
if [[ ! $ID =~ ^[A-Za-z0-9._-]+$ ]]; then
  echo "--id must be of letters, digits and . _ -" >&2
  exit 2
fi
UNITS=(kubelet crio machine-config-daemon-firstboot machine-config-daemon-pull machine-config-daemon-host nodeip-configuration ovs-configuration)

umask 077
WORK=$(mktemp --directory)
trap 'rm -rf "$WORK"' EXIT
TO=$WORK/masters
mkdir -p "$TO/journals" "$TO/network" "$TO/containers" "$TO/unit-status" "$TO/rpm-ostree"

keep() {
  local file=$TO/$1
  shift
  "$@" >"$file" 2>&1 || true
}

# Without its environment: a proxy's password may be there. `keep` runs it.
# shellcheck disable=SC2317
inspect_container() { crictl inspect "$1" | jq 'del(.info.config.envs, .info.runtimeSpec.process.env)'; }

keep failed-units.txt systemctl list-units --state=failed --no-legend --plain
while read -r unit _; do
  keep "unit-status/$unit.txt" systemctl status --full --no-pager "$unit"
  keep "unit-status/$unit.log" journalctl --no-pager --unit="$unit"
done <"$TO/failed-units.txt"
for unit in "${UNITS[@]}"; do keep "journals/$unit.log" journalctl --no-pager --boot --output=short-iso --unit="$unit.service"; done
keep network/ip-addr.txt ip address
keep network/ip-route.txt ip route
keep network/hostname.txt hostname
cp /etc/resolv.conf "$TO/network/" || true
keep rpm-ostree/status.txt rpm-ostree status
while read -r id name; do
  keep "containers/$name-$id.log" crictl logs "$id"
  keep "containers/$name-$id.inspect" inspect_container "$id"
done < <(crictl ps --all --output=json | jq --raw-output '.containers[]? | "\(.id) \(.metadata.name)"')
tar --create --gzip --file "masters-$ID.tar.gz" --directory "$WORK" masters
status=$?
[[ -z ${SUDO_UID:-} ]] || chown "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "masters-$ID.tar.gz"
exit "$status"
