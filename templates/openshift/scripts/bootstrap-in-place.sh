#!/bin/bash
# What bootkube.sh does besides on a machine that becomes the cluster by itself. Sourced.

# The machine starts from its disk with the kernel arguments that its performance profile asks for, rather than to restart once more for them.
kernel_arguments() {
  local image folder mounts=()
  image=$(image_of cluster-node-tuning-operator)
  rm -rf cmdbootline-nto-bootstrap
  # The operator's programs look at the host, and may write there: into a layer that is thrown away.
  for folder in /etc /usr /var; do mounts+=(--volume "$folder:/host$folder:O"); done
  on_assets "${mounts[@]}" --env CLUSTER_NODE_TUNED_BOOTSTRAP_SAFE_ENV=true --entrypoint=/usr/bin/cluster-node-tuning-operator "$image" render-bootcmd-mc \
    --asset-input-dir=/assets/manifests \
    --asset-output-dir=/assets/cmdbootline-nto-bootstrap \
    --mcp-name=master
  take_any cmdbootline-nto-bootstrap manifests
}

# etcd ends in order, so that its data can be packed.
stop_etcd() {
  local pod=$KUBERNETES/manifests/etcd-member-pod.yaml
  [[ ! -e $pod ]] || mv "$pod" etcd-member-pod.yaml
  until [[ -z $(crictl ps --quiet --name='^etcd$') ]]; do
    echo "etcd still runs"
    sleep 2
  done
}

# The config that the machine starts from its disk with: that of its role, and all that this temporary control plane has come to.
master_ignition() {
  local image
  image=$(image_of cluster-bootstrap)
  until curl --silent --show-error --fail --header 'Accept: application/vnd.coreos.ignition+json;version=3.2.0' --output original-master.ign \
    http://localhost:22624/config/master; do
    echo "the machine-config server does not answer yet"
    sleep 5
  done
  /usr/local/bin/installer-gather.sh --id bootstrap --output /opt/openshift/bootstrap-logs.tar.gz || echo "the logs cannot be packed" >&2
  rm -rf kubernetes etcd-data
  mkdir kubernetes
  take "$CONFIGS" kubernetes/bootstrap-configs
  cp original_cvo_overrides.patch kubernetes/bootstrap-configs/
  install --mode=0600 auth/kubeconfig-loopback tls/kubeconfig
  take /var/lib/etcd etcd-data
  on_assets "$image" bootstrap-in-place \
    --asset-dir=/assets \
    --input=/assets/bootstrap-in-place/master-update.fcc \
    --output=/assets/master.ign
}
