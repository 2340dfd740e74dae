#!/bin/bash
# Waits until the API runs on more than one control-plane machine, so that it survives the end of this one. Sourced.

# wait_for_ha_api: only where the control plane is of several like machines. The caller says in KUBECONFIG whom to ask.
wait_for_ha_api() {
  local topology nodes
  until topology=$(oc get infrastructures.config.openshift.io cluster --output=jsonpath='{.status.controlPlaneTopology}') && [[ -n $topology ]]; do
    echo "the cluster does not say what its control plane is like yet"
    sleep 5
  done
  [[ $topology == HighlyAvailable ]] || return 0
  while :; do
    nodes=$(oc get kubeapiservers.operator.openshift.io cluster --output=json |
      jq '[.status.nodeStatuses[]? | select((.currentRevision // 0) > 0)] | length') || nodes=0
    ((${nodes:-0} < 2)) || return 0
    echo "the API runs on ${nodes:-0} control-plane machines; waiting for 2"
    sleep 5
  done
}
