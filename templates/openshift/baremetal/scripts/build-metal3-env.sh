#!/bin/bash
# Writes down for the operator of hosts, and for the service that makes their images, how they reach Ironic.
set -euo pipefail
# shellcheck source=SCRIPTDIR/release-image.sh
source /usr/local/bin/release-image.sh
# shellcheck source=/dev/null
source /etc/ironic-network.env

host=$IRONIC_IP
[[ $host != *:* ]] || host="[$host]"
agent=$(image_of ironic-agent)
secret=$(base64 --wrap=0 "$REGISTRY_AUTH_FILE")
kept=$(grep -v -E '^(IRONIC_|DEPLOY_|KUBECONFIG=|WATCH_NAMESPACE=)' /etc/metal3.env)
umask 077
cat >/etc/metal3.env <<END
$kept
KUBECONFIG="/kubeconfig"
WATCH_NAMESPACE="openshift-machine-api"
IRONIC_ENDPOINT="http://localhost:6385/v1/"
IRONIC_BASE_URL="http://$host:6385"
IRONIC_AGENT_IMAGE="$agent"
IRONIC_AGENT_PULL_SECRET="$secret"
DEPLOY_ISO="/shared/html/images/ironic-python-agent.iso"
DEPLOY_INITRD="/shared/html/images/ironic-python-agent.initramfs"
DEPLOY_ISO_URL="http://$host/images/ironic-python-agent.iso"
DEPLOY_KERNEL_URL="http://$host/images/ironic-python-agent.kernel"
END
