#!/bin/bash
# Goes on with the installation once the machine has started from its disk: the temporary control plane becomes the cluster's own.
set -euo pipefail

export KUBECONFIG=/etc/kubernetes/bootstrap-secrets/kubeconfig
PATCH=/etc/kubernetes/bootstrap-configs/original_cvo_overrides.patch

# until_done TEXT COMMAND [ARGUMENT...]
until_done() {
  local text=$1
  shift
  until "$@"; do
    echo "$text"
    sleep 10
  done
}

api_answers() { oc get --raw=/readyz >/dev/null 2>&1; }

report_complete() {
  oc apply --filename=- <<'END'
apiVersion: v1
kind: ConfigMap
metadata:
  name: bootstrap
  namespace: kube-system
data:
  status: complete
END
}

# Those who held them ended with the temporary control plane, and their successors would wait until they run out.
release_leases() {
  local kind
  for kind in lease configmap; do
    oc --namespace=openshift-cluster-version delete "$kind" version --ignore-not-found || return
    oc --namespace=openshift-kube-controller-manager delete "$kind" cluster-policy-controller-lock --ignore-not-found || return
  done
}

restore_overrides() {
  [[ ! -e $PATCH ]] || oc patch clusterversion version --type=merge --patch-file="$PATCH"
}

node_is_ready() {
  local names
  names=$(oc get csr --output=json | jq --raw-output '.items[] | select((.status.conditions // []) == []) | .metadata.name') || return
  [[ -z $names ]] || xargs --no-run-if-empty oc adm certificate approve <<<"$names" || return
  [[ $(oc get nodes --output=json | jq '[.items[] | .status.conditions[]? | select(.type == "Ready" and .status == "True")] | length') -ge 1 ]]
}

# The kubelet takes up what the operator has put in place of the temporary API server.
api_is_the_clusters() {
  grep --quiet bootstrap-kube-apiserver /etc/kubernetes/manifests/kube-apiserver-pod.yaml 2>/dev/null || return 0
  systemctl restart kubelet.service
  return 1
}

version_is_available() {
  [[ $(oc get clusterversion version --output=json | jq --raw-output '.status.conditions[]? | select(.type == "Available") | .status') == True ]]
}

clean_up() {
  rm -rf /etc/kubernetes/bootstrap-configs /etc/kubernetes/bootstrap-secrets /etc/kubernetes/bootstrap-manifests
  rm -f /usr/local/bin/installer-gather.sh /usr/local/bin/installer-masters-gather.sh
  rm -rf /opt/openshift
}

until_done "the API does not answer yet" api_answers
until_done "that the bootstrap is complete cannot be reported yet" report_complete
until_done "the leases cannot be released yet" release_leases
until_done "the overrides of the cluster version cannot be restored yet" restore_overrides
until_done "the node is not ready yet" node_is_ready
until_done "the API server is still the temporary one" api_is_the_clusters
until_done "the cluster's version is not available yet" version_is_available
clean_up
