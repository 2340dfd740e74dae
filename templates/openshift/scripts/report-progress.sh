#!/bin/bash
# Reports to whoever waits for the bootstrap that it is complete. Argument: a kubeconfig.
set -euo pipefail
# shellcheck source=SCRIPTDIR/bootstrap-service-record.sh
source /usr/local/bin/bootstrap-service-record.sh
# shellcheck source=SCRIPTDIR/wait-for-ha-api.sh
source /usr/local/bin/wait-for-ha-api.sh
export KUBECONFIG=$1

stage_begin wait-for-bootstrap-complete
until [[ -e /opt/openshift/.bootkube.done ]]; do sleep 5; done
wait_for_ha_api
stage_end success

stage_begin report-bootstrap-complete
# The ConfigMap is there when this runs again, after a restart.
until oc apply --filename=- <<'END'; do
apiVersion: v1
kind: ConfigMap
metadata:
  name: bootstrap
  namespace: kube-system
data:
  status: complete
END
  echo "that the bootstrap is complete cannot be reported yet"
  sleep 5
done
stage_end success
