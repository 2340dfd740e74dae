#!/bin/bash
# The tunnel through which the temporary API server reaches webhooks that already run on control-plane machines. Sourced by bootkube.sh.

KONNECTIVITY_NAMESPACE=openshift-bootstrap-konnectivity

# The address of this machine that others reach: the one it speaks to others from. A VIP that it holds for a while is none.
own_address() {
  { ip -json route get 192.0.2.1 2>/dev/null || ip -json -6 route get 2001:db8::1; } | jq --exit-status --raw-output '.[0].prefsrc'
}

konnectivity_certs() {
  local address
  address=$(own_address)
  /usr/local/bin/konnectivity-certs.sh /opt/openshift/tls "$address"
}

konnectivity_server_bootstrap() {
  local image
  image=$(image_of apiserver-network-proxy)
  install -D --mode=0600 egress-selector-config.yaml "$CONFIGS/egress-selector-config.yaml"
  filled konnectivity-server-pod.yaml KONNECTIVITY_IMAGE "$image" >bootstrap-manifests/konnectivity-server-pod.yaml
}

# The agents' objects are created with all others of the cluster.
konnectivity_agent_manifest() {
  local image address
  image=$(image_of apiserver-network-proxy)
  address=$(own_address)
  cp konnectivity-namespace.yaml manifests/
  filled konnectivity-agent-daemonset.yaml KONNECTIVITY_IMAGE "$image" BOOTSTRAP_NODE_IP "$address" >manifests/konnectivity-agent-daemonset.yaml
  # Keys go by files, since anyone on the machine sees arguments.
  jq --null-input --rawfile ca tls/konnectivity-signer.crt --rawfile cert tls/konnectivity-agent.crt --rawfile key tls/konnectivity-agent.key \
    --rawfile text konnectivity-agent-certs-secret.yaml --raw-output \
    '$text | sub("\\$\\{AGENT_CERT\\}"; $cert | @base64) | sub("\\$\\{AGENT_KEY\\}"; $key | @base64) | sub("\\$\\{CA_CERT\\}"; $ca | @base64)' |
    (umask 077 && cat >manifests/konnectivity-agent-certs-secret.yaml)
}

# The cluster's own API servers need no tunnel. Nobody waits for the end of this.
konnectivity_cleanup() {
  oc --kubeconfig=auth/kubeconfig delete namespace $KONNECTIVITY_NAMESPACE --ignore-not-found --wait=false || echo "namespace $KONNECTIVITY_NAMESPACE is left" >&2
}

# filled FILE [NAME VALUE]...: its text, with values in place of ${NAME}.
filled() {
  local text name
  text=$(<"$1")
  shift
  while (($# > 0)); do
    name="\${$1}"
    text=${text//"$name"/$2}
    shift 2
  done
  printf '%s\n' "$text"
}
