#!/bin/bash
# Runs before the kubelet: names the release's pause image, so that it does not remove that one for want of space.
set -euo pipefail
PRE_COMMAND=kubelet-pause-image
# shellcheck source=SCRIPTDIR/bootstrap-service-record.sh
source /usr/local/bin/bootstrap-service-record.sh
# shellcheck source=SCRIPTDIR/release-image.sh
source /usr/local/bin/release-image.sh

image=$(image_of pod)
mkdir -p /etc/kubernetes
echo "KUBELET_PAUSE_IMAGE=$image" >/etc/kubernetes/kubelet-pause-image-override
