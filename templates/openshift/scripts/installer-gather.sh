#!/bin/bash
# Packs what this machine, and the control-plane machines that it reaches, know of an installation. Options: --id NAME, --output FILE; then the
# addresses of control-plane machines, or those that the API named while it answered. Prints the path of the bundle. Secrets stay out of it.
set -uo pipefail
# shellcheck source=SCRIPTDIR/bootstrap-cluster-gather.sh
source /usr/local/bin/bootstrap-cluster-gather.sh

ID=$(date --utc +%Y%m%d%H%M%S)
OUTPUT=
while (($# > 0)); do
  case $1 in
    --id)
      ID=$2
      shift 2
      ;;
    --output)
      OUTPUT=$2
      shift 2
      ;;
    -*)
      echo "unknown option $1" >&2
      exit 2
      ;;
    *) break ;;
  esac
done
if [[ ! $ID =~ ^[A-Za-z0-9._-]+$ ]]; then
  echo "--id must be of letters, digits and . _ -" >&2
  exit 2
fi
MASTERS=("$@")
OUTPUT=${OUTPUT:-${HOME:-/root}/log-bundle-$ID.tar.gz}

UNITS=(
  release-image crio-configure bootkube kubelet crio approve-csr progress chown-gatewayd-key node-image-pull node-image-overlay
  systemd-journal-gatewayd ironic ironic-httpd ironic-dnsmasq image-customization metal3-baremetal-operator master-bmh-update provisioning-interface
)
SSH_OPTIONS=(-o BatchMode=yes -o ConnectTimeout=10 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR)

umask 077
WORK=$(mktemp --directory)
trap 'rm -rf "$WORK"' EXIT
BUNDLE=$WORK/log-bundle-$ID
mkdir -p "$BUNDLE"

# keep FILE COMMAND [ARGUMENT...]: what a command says, in a file of the bundle.
keep() {
  local file=$BUNDLE/$1
  shift
  mkdir -p "${file%/*}"
  "$@" >"$file" 2>&1 || echo "$* ended with $?"
}

# Without its environment: a proxy's password may be there. `keep` runs it.
# shellcheck disable=SC2317
inspect_container() { crictl inspect "$1" | jq 'del(.info.config.envs, .info.runtimeSpec.process.env)'; }

gather_units() {
  local unit
  keep failed-units.txt systemctl list-units --state=failed --no-legend --plain
  while read -r unit _; do
    keep "unit-status/$unit.txt" systemctl status --full --no-pager "$unit"
    keep "unit-status/$unit.log" journalctl --no-pager --unit="$unit"
  done <"$BUNDLE/failed-units.txt"
}

gather_machine() {
  local unit
  mkdir -p "$BUNDLE/bootstrap/services" "$BUNDLE/bootstrap/journals"
  cp /var/log/openshift/*.json "$BUNDLE/bootstrap/services/" || true
  for unit in "${UNITS[@]}"; do keep "bootstrap/journals/$unit.log" journalctl --no-pager --boot --output=short-iso --unit="$unit.service"; done
  journalctl --no-pager --boot --output=short-iso | gzip >"$BUNDLE/bootstrap/journals/journal.log.gz"
  keep bootstrap/network/ip-addr.txt ip address
  keep bootstrap/network/ip-route.txt ip route
  keep bootstrap/network/hostname.txt hostname
  keep bootstrap/network/netstat.txt ss --all --numeric --processes
  cp /etc/resolv.conf "$BUNDLE/bootstrap/network/resolv.conf" || true
  keep bootstrap/rpm-ostree/status.txt rpm-ostree status
}

gather_containers() {
  local id name
  mkdir -p "$BUNDLE/bootstrap/containers" "$BUNDLE/bootstrap/pods"
  while read -r id name; do
    keep "bootstrap/containers/$name-$id.log" crictl logs "$id"
    keep "bootstrap/containers/$name-$id.inspect" inspect_container "$id"
  done < <(crictl ps --all --output=json | jq --raw-output '.containers[]? | "\(.id) \(.metadata.name)"')
  while read -r id name; do
    keep "bootstrap/pods/$name-$id.log" podman logs "$id"
    podman inspect "$id" 2>/dev/null | jq 'map(del(.Config.Env))' >"$BUNDLE/bootstrap/pods/$name-$id.inspect" || true
  done < <(podman ps --all --format=json | jq --raw-output '.[]? | "\(.Id) \(.Names[0])"')
}

# What was rendered, without what opens anything.
gather_rendered() {
  local to=$BUNDLE/rendered-assets/openshift file
  mkdir -p "$to"
  (cd /opt/openshift && find . -type f \( -name '*.yaml' -o -name '*.yml' -o -name '*.json' -o -name '*.crt' -o -name '*.pub' -o -name '*.patch' \) \
    -not -path './auth/*' -not -path './resources/*' -exec cp --parents --target-directory="$to" {} +) || true
  while IFS= read -r -d '' file; do
    if grep --quiet --extended-regexp '^ *"?kind"?: *"?(Secret|Config)"?,?$|PRIVATE KEY|"auths"|client-key-data' "$file"; then rm "$file"; fi
  done < <(find "$to" -type f -print0)
}

gather_resources() {
  if [[ -d /opt/openshift/resources ]]; then cp --recursive /opt/openshift/resources "$BUNDLE/resources"; else gather_cluster "$BUNDLE/resources" || true; fi
  if ((${#MASTERS[@]} == 0)) && [[ -s $BUNDLE/resources/masters.list ]]; then mapfile -t MASTERS <"$BUNDLE/resources/masters.list"; fi
}

gather_masters() {
  local address to target
  for address in ${MASTERS[@]+"${MASTERS[@]}"}; do
    to=$BUNDLE/control-plane/$address
    mkdir -p "$to"
    target=$address
    [[ $address != *:* ]] || target="[$address]"
    if scp "${SSH_OPTIONS[@]}" /usr/local/bin/installer-masters-gather.sh "core@$target:" &&
      ssh "${SSH_OPTIONS[@]}" "core@$address" sudo ./installer-masters-gather.sh --id "$ID" </dev/null &&
      scp "${SSH_OPTIONS[@]}" "core@$target:masters-$ID.tar.gz" "$to/"; then
      tar --extract --gzip --file "$to/masters-$ID.tar.gz" --directory "$to" --strip-components=1 && rm "$to/masters-$ID.tar.gz"
    else
      echo "$address does not answer"
    fi
  done
}

exec 3>&1 >"$BUNDLE/gather.log" 2>&1
echo "gathering from this machine" >&3
gather_units
gather_machine
gather_containers
gather_rendered
echo "gathering from the API" >&3
gather_resources
echo "gathering from ${#MASTERS[@]} control-plane machines" >&3
gather_masters
tar --create --gzip --file "$OUTPUT" --directory "$WORK" "log-bundle-$ID"
status=$?
# Who has logged in fetches it.
[[ -z ${SUDO_UID:-} ]] || chown "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$OUTPUT"
echo "the bundle is $OUTPUT" >&3
exit "$status"
