#!/bin/bash
# Keeps what the API says about the cluster, before the temporary control plane may be gone. Sourced; installer-gather.sh packs it.

GATHER_KUBECONFIG=/opt/openshift/auth/kubeconfig-loopback
GATHER_KINDS=(
  apiservices certificatesigningrequests clusteroperators clusterroles clusterversions configmaps controllerrevisions customresourcedefinitions daemonsets
  deployments endpoints events kubeapiservers kubecontrollermanagers kubeschedulers machineconfigpools machineconfigs namespaces networks
  nodes openapi pods proxies replicasets roles services
)

# Pull secrets and private keys that machine configs carry stay on this machine.
without_secrets='
  def blank: if type == "object" then
    (if has("path") and has("contents") and ((.path | test("(?:\\.key|\\.pem|config\\.json|kubeconfig)$")) or ((.contents.source? // "") | test("PRIVATE KEY|PRIVATE%20KEY|LS0tLS1CRUdJTi")))
      then .contents.source = "data:,removed" else . end)
    | map_values(blank) elif type == "array" then map(blank) else . end;
  blank'

ask() { oc --kubeconfig="$GATHER_KUBECONFIG" --request-timeout=5s "$@"; }

# gather_cluster FOLDER: a file for each kind. What the API does not answer is left out.
gather_cluster() {
  local folder=$1 kind
  mkdir -p "$folder"
  ask get nodes --selector node-role.kubernetes.io/master --output json 2>/dev/null |
    jq --raw-output '.items[].status.addresses[] | select(.type == "InternalIP") | .address' >"$folder/masters.list" || true
  for kind in "${GATHER_KINDS[@]}"; do
    case $kind in
      openapi)
        ask get --raw /openapi/v2 2>/dev/null | gzip >"$folder/openapi.json.gz" || true
        ;;
      machineconfigs)
        ask get "$kind" --output json 2>/dev/null | jq "$without_secrets" >"$folder/$kind.json" || true
        ;;
      *)
        ask get "$kind" --all-namespaces --output json >"$folder/$kind.json" 2>/dev/null || true
        ;;
    esac
  done
  # An empty answer, packed, is of 20 bytes: nothing that was asked for is of use then.
  if (($(stat --format=%s "$folder/openapi.json.gz") <= 20)); then
    echo "the API does not answer" >&2
    rm -r "$folder"
    return 1
  fi
  find "$folder" -size 0 -delete
}
