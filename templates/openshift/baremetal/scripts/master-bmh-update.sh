#!/bin/bash
# Waits until the control plane's hosts are provisioned, then hands all hosts over to the cluster's own operator of hosts.
set -euo pipefail
# shellcheck source=/dev/null
source /etc/metal3.env
export KUBECONFIG=/opt/openshift/auth/kubeconfig-loopback

hosts() { oc --namespace=openshift-machine-api get baremetalhosts.metal3.io --output=json "$@"; }
provisioned() { hosts --selector=installer.openshift.io/role=control-plane | jq '[.items[] | select(.status.provisioning.state == "provisioned")] | length'; }

until count=$(provisioned) && ((${count:-0} >= CONTROL_PLANE_REPLICAS)); do
  echo "hosts of the control plane that are provisioned: ${count:-0} of $CONTROL_PLANE_REPLICAS"
  sleep 20
done

# Two operators would provision a host in turn.
systemctl stop metal3-baremetal-operator.service

# What is known of a host is in its status, which the cluster's operator takes from an annotation where it has none of its own.
hosts --selector=installer.openshift.io/role=control-plane | jq --compact-output '.items[]' | while read -r host; do
  name=$(jq --raw-output .metadata.name <<<"$host")
  status=$(jq --compact-output '.status | del(.hardware)' <<<"$host")
  oc --namespace=openshift-machine-api annotate --overwrite baremetalhosts.metal3.io "$name" "baremetalhost.metal3.io/status=$status"
done
oc --namespace=openshift-machine-api annotate --overwrite baremetalhosts.metal3.io --all baremetalhost.metal3.io/paused-
