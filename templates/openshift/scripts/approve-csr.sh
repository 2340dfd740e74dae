#!/bin/bash
# Approves what kubelets of control-plane machines ask for while nobody else can. Argument: a kubeconfig.
set -euo pipefail
# shellcheck source=SCRIPTDIR/bootstrap-service-record.sh
source /usr/local/bin/bootstrap-service-record.sh
export KUBECONFIG=$1

approve_pending() {
  local names
  names=$(oc get csr --output=json | jq --raw-output '.items[] | select((.status.conditions // []) == []) | .metadata.name') || return
  [[ -z $names ]] || xargs --no-run-if-empty oc adm certificate approve <<<"$names"
}

until [[ -e /opt/openshift/.bootkube.done ]]; do
  approve_pending || echo "the certificate requests cannot be approved yet"
  sleep 20
done
