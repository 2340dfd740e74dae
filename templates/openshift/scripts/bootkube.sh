#!/bin/bash
# Brings up the cluster's control plane: operators of the release render it, this machine runs it for a while, and the control-plane machines take over.
# Each stage is done once, and leaves NAME.done: a run after a failure goes on with the stage that failed.
set -euo pipefail
cd /opt/openshift
# shellcheck source=SCRIPTDIR/bootstrap-service-record.sh
source /usr/local/bin/bootstrap-service-record.sh
# shellcheck source=SCRIPTDIR/release-image.sh
source /usr/local/bin/release-image.sh
# shellcheck source=SCRIPTDIR/bootstrap-verify-api-server-urls.sh
source /usr/local/bin/bootstrap-verify-api-server-urls.sh
# shellcheck source=SCRIPTDIR/bootstrap-cluster-gather.sh
source /usr/local/bin/bootstrap-cluster-gather.sh

API_HOST={{apiHost}}
API_INT_HOST={{apiIntHost}}
# This machine becomes the cluster, and has no others to hand over to.
IN_PLACE={{inPlace}}
# The API server reaches what runs on control-plane machines through a tunnel.
KONNECTIVITY={{konnectivity}}
MCC_READS_REFERENCES={{mccReadsReferences}}

KUBERNETES=/etc/kubernetes
CONFIGS=$KUBERNETES/bootstrap-configs
INFRASTRUCTURE=/assets/manifests/cluster-infrastructure-02-config.yml
NETWORK=/assets/manifests/cluster-network-02-config.yml
CLOUD_CONFIG=manifests/cloud-provider-config.yaml
MCO_POD=$KUBERNETES/manifests/machineconfigoperator-bootstrap-pod.yaml

# stage NAME FUNCTION
stage() {
  [[ ! -e $1.done ]] || return 0
  echo "stage $1"
  stage_begin "$1"
  "$2"
  touch "$1.done"
  stage_end success
}

# repeated NAME FUNCTION: a stage that is gone through in each run.
repeated() {
  echo "stage $1"
  stage_begin "$1"
  "$2"
  stage_end success
}

# on_assets OPTION-OF-PODMAN... IMAGE ARGUMENT...: runs an image that sees this folder as /assets.
on_assets() { podman run --quiet --rm "${LOG_DRIVER[@]}" --net=host --volume "$PWD:/assets:z" "$@"; }

# take FROM TO: all that is in a folder. take_any: which need not be there.
take() { mkdir -p "$2" && cp --recursive "$1/." "$2/"; }
take_any() { [[ ! -d $1 ]] || take "$1" "$2"; }

openshift_manifests() { take openshift manifests; }

api_bootstrap() {
  local image
  image=$(image_of cluster-config-api)
  rm -rf api-bootstrap
  on_assets "$image" /usr/bin/render \
    --asset-output-dir=/assets/api-bootstrap \
    --rendered-manifest-dir=/assets/manifests \
    --cluster-profile="$CLUSTER_PROFILE" \
    --payload-version="$VERSION"
  take api-bootstrap/manifests manifests
}

auth_api_bootstrap() {
  local image
  image=$(image_of cluster-authentication-operator)
  rm -rf auth-api-bootstrap
  on_assets "$image" render \
    --asset-output-dir=/assets/auth-api-bootstrap \
    --rendered-manifest-dir=/assets/manifests \
    --cluster-profile="$CLUSTER_PROFILE" \
    --payload-version="$VERSION"
  take_any auth-api-bootstrap/manifests manifests
}

config_bootstrap() {
  local image cloud=()
  image=$(image_of cluster-config-operator)
  rm -rf config-bootstrap
  [[ ! -e $CLOUD_CONFIG ]] || cloud=(--cloud-provider-config-input-file="/assets/$CLOUD_CONFIG")
  on_assets --entrypoint=/usr/bin/cluster-config-operator "$image" render \
    --skip-api-rendering \
    --cluster-infrastructure-input-file="$INFRASTRUCTURE" \
    "${cloud[@]}" \
    --cloud-provider-config-output-file=/assets/config-bootstrap/cloud-provider-config-generated.yaml \
    --config-output-file=/assets/config-bootstrap/config \
    --asset-input-dir=/assets/tls \
    --asset-output-dir=/assets/config-bootstrap \
    --rendered-manifest-files=/assets/manifests \
    --payload-version="$VERSION"
}

cvo_bootstrap() {
  local overridden=() flags=({{cvoFlags}})
  [[ $CLUSTER_PROFILE == "$DEFAULT_PROFILE" ]] || overridden=(--env "CLUSTER_PROFILE=$CLUSTER_PROFILE")
  rm -rf cvo-bootstrap
  on_assets "${overridden[@]}" "$RELEASE" render \
    --output-dir=/assets/cvo-bootstrap \
    --release-image="$RELEASE" \
    --feature-gate-manifest-path=/assets/manifests/99_feature-gate.yaml \
    "${flags[@]}"
  take cvo-bootstrap/bootstrap bootstrap-manifests
  take cvo-bootstrap/manifests manifests
  install -D --mode=0600 auth/kubeconfig-loopback $KUBERNETES/kubeconfig
}

etcd_bootstrap() {
  local image etcd flags=({{etcdFlags}})
  image=$(image_of cluster-etcd-operator)
  etcd=$(image_of etcd)
  rm -rf etcd-bootstrap
  on_assets --entrypoint=/usr/bin/cluster-etcd-operator "$image" render \
    --asset-output-dir=/assets/etcd-bootstrap \
    --cluster-configmap-file=/assets/manifests/cluster-config.yaml \
    --etcd-image="$etcd" \
    --infra-config-file="$INFRASTRUCTURE" \
    --network-config-file="$NETWORK" \
    "${flags[@]}"
  take_any etcd-bootstrap/bootstrap-manifests bootstrap-manifests
  take etcd-bootstrap/manifests manifests
  take etcd-bootstrap/tls tls
  # Last, since the kubelet starts what lies there.
  take etcd-bootstrap/etc-kubernetes $KUBERNETES
}

kube_apiserver_bootstrap() {
  local image hyperkube authentication=manifests/cluster-authentication-02-config.yaml flags=()
  image=$(image_of cluster-kube-apiserver-operator)
  hyperkube=$(image_of hyperkube)
  rm -rf kube-apiserver-bootstrap
  [[ ! -e $authentication ]] || flags+=(--cluster-auth-file="/assets/$authentication")
  [[ $KONNECTIVITY == false ]] || flags+=(--config-override-files=/assets/konnectivity-config-override.yaml)
  on_assets --entrypoint=/usr/bin/cluster-kube-apiserver-operator "$image" render \
    --manifest-etcd-serving-ca=etcd-ca-bundle.crt \
    --manifest-etcd-server-urls=https://localhost:2379 \
    --manifest-image="$hyperkube" \
    --manifest-operator-image="$image" \
    --asset-input-dir=/assets/tls \
    --asset-output-dir=/assets/kube-apiserver-bootstrap \
    --config-output-file=/assets/kube-apiserver-bootstrap/config \
    --cluster-config-file="$NETWORK" \
    --infra-config-file="$INFRASTRUCTURE" \
    --rendered-manifest-files=/assets/manifests \
    --payload-version="$VERSION" \
    --operand-kubernetes-version="$KUBERNETES_VERSION" \
    "${flags[@]}"
  install -D --mode=0600 kube-apiserver-bootstrap/config $CONFIGS/kube-apiserver-config.yaml
  take kube-apiserver-bootstrap/bootstrap-manifests bootstrap-manifests
  take kube-apiserver-bootstrap/manifests manifests
}

kube_controller_manager_bootstrap() {
  local image hyperkube policy
  image=$(image_of cluster-kube-controller-manager-operator)
  hyperkube=$(image_of hyperkube)
  policy=$(image_of cluster-policy-controller)
  rm -rf kube-controller-manager-bootstrap
  on_assets --entrypoint=/usr/bin/cluster-kube-controller-manager-operator "$image" render \
    --cluster-policy-controller-image="$policy" \
    --manifest-image="$hyperkube" \
    --asset-input-dir=/assets/tls \
    --asset-output-dir=/assets/kube-controller-manager-bootstrap \
    --config-output-file=/assets/kube-controller-manager-bootstrap/config \
    --cpc-config-output-file=/assets/kube-controller-manager-bootstrap/cpc-config \
    --cluster-config-file="$NETWORK" \
    --rendered-manifest-files=/assets/manifests \
    --payload-version="$VERSION"
  install -D --mode=0600 kube-controller-manager-bootstrap/config $CONFIGS/kube-controller-manager-config.yaml
  install -D --mode=0600 kube-controller-manager-bootstrap/cpc-config $CONFIGS/cluster-policy-controller-config.yaml
  take kube-controller-manager-bootstrap/bootstrap-manifests bootstrap-manifests
  take kube-controller-manager-bootstrap/manifests manifests
  take_any kube-controller-manager-bootstrap/tls tls
}

kube_scheduler_bootstrap() {
  local image hyperkube
  image=$(image_of cluster-kube-scheduler-operator)
  hyperkube=$(image_of hyperkube)
  rm -rf kube-scheduler-bootstrap
  on_assets --entrypoint=/usr/bin/cluster-kube-scheduler-operator "$image" render \
    --manifest-image="$hyperkube" \
    --asset-input-dir=/assets/tls \
    --asset-output-dir=/assets/kube-scheduler-bootstrap \
    --config-output-file=/assets/kube-scheduler-bootstrap/config \
    --rendered-manifest-files=/assets/manifests \
    --payload-version="$VERSION"
  install -D --mode=0600 kube-scheduler-bootstrap/config $CONFIGS/kube-scheduler-config.yaml
  take kube-scheduler-bootstrap/bootstrap-manifests bootstrap-manifests
  take kube-scheduler-bootstrap/manifests manifests
}

ingress_operator_bootstrap() {
  local image
  image=$(image_of cluster-ingress-operator)
  rm -rf ingress-operator-bootstrap
  on_assets "$image" render \
    --prefix=cluster-ingress- \
    --output-dir=/assets/ingress-operator-bootstrap
  take ingress-operator-bootstrap manifests
}

node_tuning_bootstrap() {
  local image
  image=$(image_of cluster-node-tuning-operator)
  rm -rf node-tuning-bootstrap
  on_assets --entrypoint=/usr/bin/cluster-node-tuning-operator "$image" render \
    --asset-input-dir=/assets/manifests \
    --asset-output-dir=/assets/node-tuning-bootstrap
  take_any node-tuning-bootstrap/manifests manifests
}

mco_bootstrap() {
  local image flags=() folder
  image=$(image_of machine-config-operator)
  rm -rf mco-bootstrap release-manifests
  mkdir release-manifests
  podman run --quiet --rm "${LOG_DRIVER[@]}" --net=none --entrypoint=cat "$RELEASE" /release-manifests/image-references >release-manifests/image-references
  [[ ! -e tls/cloud-ca-cert.pem ]] || flags+=(--cloud-provider-ca-file=/assets/tls/cloud-ca-cert.pem)
  [[ ! -e $CLOUD_CONFIG ]] || flags+=(--cloud-config-file=/assets/config-bootstrap/cloud-provider-config-generated.yaml)
  on_assets --user=0 "$image" bootstrap \
    --root-ca=/assets/tls/root-ca.crt \
    --kube-ca=/assets/tls/kube-apiserver-complete-client-ca-bundle.crt \
    --config-file=/assets/manifests/cluster-config.yaml \
    --dest-dir=/assets/mco-bootstrap \
    --pull-secret=/assets/manifests/openshift-config-secret-pull-secret.yaml \
    --release-image="$RELEASE" \
    --image-references=/assets/release-manifests/image-references \
    --payload-version="$VERSION" \
    "${flags[@]}"
  take mco-bootstrap/manifests manifests
  take mco-bootstrap/bootstrap/manifests /etc/mcc/bootstrap
  take openshift /etc/mcc/bootstrap
  take manifests /etc/mcc/bootstrap
  [[ $MCC_READS_REFERENCES == false ]] || cp release-manifests/image-references /etc/mcc/bootstrap/
  mkdir -p /etc/mcs/bootstrap
  install --mode=0600 auth/kubeconfig-kubelet /etc/mcs/kubeconfig
  install -D --mode=0600 tls/machine-config-server.crt /etc/ssl/mcs/tls.crt
  install -D --mode=0600 tls/machine-config-server.key /etc/ssl/mcs/tls.key
  for folder in mco-bootstrap/*/; do
    [[ $folder != mco-bootstrap/bootstrap/ ]] || continue
    take_any "${folder}static-pod-resources" $KUBERNETES/static-pod-resources
    take_any "${folder}manifests" $KUBERNETES/manifests
  done
  install -D --mode=0600 mco-bootstrap/bootstrap/machineconfigoperator-bootstrap-pod.yaml $MCO_POD
}

cco_bootstrap() {
  local image
  image=$(image_of cloud-credential-operator)
  rm -rf cco-bootstrap
  on_assets --user=0 "$image" render \
    --dest-dir=/assets/cco-bootstrap \
    --manifests-dir=/assets/manifests \
    --cloud-credential-operator-image="$image"
  take_any cco-bootstrap/manifests manifests
  take_any cco-bootstrap/bootstrap-manifests bootstrap-manifests
}

wait_for_etcd() {
  local image
  image=$(image_of etcd)
  until on_assets --env ETCDCTL_API=3 --entrypoint=etcdctl "$image" \
    --dial-timeout=10m \
    --cacert=/assets/tls/etcd-ca-bundle.crt \
    --cert=/assets/tls/etcd-client.crt \
    --key=/assets/tls/etcd-client.key \
    --endpoints=https://localhost:2379 \
    endpoint health; do
    echo "etcd is not healthy yet"
    sleep 5
  done
}

cb_bootstrap() {
  local image pods status=0
  image=$(image_of cluster-bootstrap)
  pods=openshift-kube-apiserver/kube-apiserver,openshift-kube-scheduler/openshift-kube-scheduler
  pods+=,openshift-kube-controller-manager/kube-controller-manager,openshift-cluster-version/cluster-version-operator
  [[ $IN_PLACE == false ]] || pods=
  on_assets --volume "$KUBERNETES:$KUBERNETES:z" "$image" start \
    --tear-down-early=false \
    --asset-dir=/assets \
    --required-pods="$pods" || status=$?
  ((status == 0)) || gather_cluster resources || true
  return "$status"
}

cvo_overrides() {
  until oc --kubeconfig=auth/kubeconfig patch clusterversion version --type=merge --patch-file=original_cvo_overrides.patch; do
    echo "the overrides of the cluster version cannot be restored yet"
    sleep 10
  done
}

wait_for_ceo() {
  local image
  image=$(image_of cluster-etcd-operator)
  on_assets --entrypoint=/usr/bin/cluster-etcd-operator "$image" wait-for-ceo --kubeconfig=/assets/auth/kubeconfig
}

# What the release says of itself, by way of its mirrors, if it has any.
release_info() {
  local mirrors=()
  [[ ! -e manifests/image-content-source-policy.yaml ]] || mirrors=(--icsp-file=manifests/image-content-source-policy.yaml)
  [[ ! -e manifests/image-digest-mirror-set.yaml ]] || mirrors=(--idms-file=manifests/image-digest-mirror-set.yaml)
  oc adm release info --registry-config="$REGISTRY_AUTH_FILE" "${mirrors[@]}" --output=json "$RELEASE"
}

DEFAULT_PROFILE=self-managed-high-availability
CLUSTER_PROFILE=${CLUSTER_PROFILE:-$DEFAULT_PROFILE}
RELEASE=$(release_digest)
info=$(release_info)
VERSION=$(jq --exit-status --raw-output .metadata.version <<<"$info")
KUBERNETES_VERSION=$(jq --exit-status --raw-output .displayVersions.kubernetes.Version <<<"$info")
mkdir -p $KUBERNETES/manifests $CONFIGS bootstrap-manifests
# shellcheck source=/dev/null
[[ $KONNECTIVITY == false ]] || source /usr/local/bin/konnectivity.sh

stage openshift-manifests openshift_manifests
stage api-bootstrap api_bootstrap
stage auth-api-bootstrap auth_api_bootstrap
stage config-bootstrap config_bootstrap
stage cvo-bootstrap cvo_bootstrap
stage etcd-bootstrap etcd_bootstrap
if [[ $KONNECTIVITY == true ]]; then
  stage konnectivity-certs konnectivity_certs
  stage konnectivity-server-bootstrap konnectivity_server_bootstrap
fi
stage kube-apiserver-bootstrap kube_apiserver_bootstrap
stage kube-controller-manager-bootstrap kube_controller_manager_bootstrap
stage kube-scheduler-bootstrap kube_scheduler_bootstrap
stage ingress-operator-bootstrap ingress_operator_bootstrap
stage node-tuning-bootstrap node_tuning_bootstrap
if [[ $IN_PLACE == true ]]; then
  # shellcheck source=/dev/null
  source /usr/local/bin/bootstrap-in-place.sh
  stage cmdbootline-nto-bootstrap kernel_arguments
fi
stage mco-bootstrap mco_bootstrap
verify resolve-api-url api-dns-resolved.done resolve_name "$API_HOST"
verify resolve-api-int-url api-int-dns-resolved.done resolve_name "$API_INT_HOST"
stage cco-bootstrap cco_bootstrap
[[ -e stop-etcd.done ]] || repeated wait-for-etcd wait_for_etcd
[[ $KONNECTIVITY == false ]] || stage konnectivity-agent-manifest konnectivity_agent_manifest
stage cb-bootstrap cb_bootstrap
if [[ $IN_PLACE == true ]]; then
  stage stop-etcd stop_etcd
  stage master-ignition master_ignition
else
  stage cvo-overrides cvo_overrides
  rm -f $MCO_POD
  repeated wait-for-ceo wait_for_ceo
  verify check-api-url api-dns-check.done check_url "$API_HOST"
  verify check-api-int-url api-int-dns-check.done check_url "$API_INT_HOST"
  [[ $KONNECTIVITY == false ]] || stage konnectivity-cleanup konnectivity_cleanup
fi
touch .bootkube.done
