#!/bin/bash
# Gives CRI-O the pause image of the release. What CRI-O has by itself is of another release, and may lie in a registry that the machine does not reach.
set -euo pipefail
# shellcheck source=SCRIPTDIR/bootstrap-service-record.sh
source /usr/local/bin/bootstrap-service-record.sh
# shellcheck source=SCRIPTDIR/release-image.sh
source /usr/local/bin/release-image.sh

image=$(image_of pod)
mkdir -p /etc/crio/crio.conf.d
cat >/etc/crio/crio.conf.d/50-bootstrap-override.conf <<END
[crio.image]
global_auth_file = "$REGISTRY_AUTH_FILE"
pause_image = "$image"
pause_image_auth_file = "$REGISTRY_AUTH_FILE"
pause_command = "/usr/bin/pod"

[crio.runtime]
hooks_dir = [
  "/etc/containers/oci/hooks.d",
  "/run/containers/oci/hooks.d",
  "/usr/share/containers/oci/hooks.d",
]
END
