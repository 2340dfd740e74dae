#!/bin/bash
# The kubelet of the bootstrap machine. It runs the temporary control plane, by itself: it is no node of the cluster.
set -euo pipefail
# shellcheck source=SCRIPTDIR/bootstrap-service-record.sh
source /usr/local/bin/bootstrap-service-record.sh

# With the pull secret where the kubelet looks for one.
install -D --mode=0600 /root/.docker/config.json /var/lib/kubelet/config.json

PAUSE_IMAGE=({{pauseImageFlag}})

# Not in place of this shell, which records how it ends.
kubelet \
  --anonymous-auth=false \
  --container-runtime-endpoint=unix:///var/run/crio/crio.sock \
  --runtime-request-timeout="${KUBELET_RUNTIME_REQUEST_TIMEOUT:-10m}" \
  --pod-manifest-path=/etc/kubernetes/manifests \
  --volume-plugin-dir=/etc/kubernetes/kubelet-plugins/volume/exec \
  --cgroup-driver=systemd \
  --cluster-domain=cluster.local \
  --minimum-container-ttl-duration=6m0s \
  --serialize-image-pulls=false \
  "${PAUSE_IMAGE[@]}" \
  --v=2
