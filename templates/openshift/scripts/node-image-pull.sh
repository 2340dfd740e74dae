#!/bin/bash
# Pulls the operating system of the release, and unpacks it where node-image-overlay.sh finds it. Skipped if it is the one that has booted.
set -euo pipefail
# shellcheck source=SCRIPTDIR/release-image.sh
source /usr/local/bin/release-image.sh

REF=coreos/node-image
# Which image of the release it is, or which stream of the operating system a program of the release is asked for.
COMPONENT={{component}}
STREAM={{stream}}
LINK=/run/node-image

# A machine that runs from memory has no place for it in its own repository.
if [[ -e /run/ostree-live ]]; then
  FOLDER={{ostreeFolder}}
  REPOSITORY=$FOLDER/repo
else
  FOLDER=/ostree/repo/tmp
  REPOSITORY=/ostree/repo
fi
CHECKOUT=$FOLDER/node-image

wait_for_release() {
  until podman image exists "$RELEASE_IMAGE"; do
    systemctl start release-image.service || sleep 5
  done
}

# The pull spec of the operating system.
node_image() {
  local image container program bundle=/etc/pki/ca-trust/source/anchors/ca.crt status=0 flags=()
  if [[ -z $STREAM ]]; then
    image_of "$COMPONENT"
    return
  fi
  image=$(image_of machine-config-operator) || return
  program=$(mktemp --directory) || return
  container=$(podman create --quiet "$image") || return
  podman cp "$container:/usr/bin/machine-config-osimagestream" "$program/" || status=$?
  podman rm "$container" >/dev/null || true
  ((status == 0)) || return "$status"
  [[ ! -s $bundle ]] || flags=(--trust-bundle="$bundle")
  "$program/machine-config-osimagestream" get os-image-pullspec \
    --release-image="$(release_digest)" \
    --authfile="$REGISTRY_AUTH_FILE" \
    --per-host-certs=/etc/containers/certs.d \
    --osimagestream-name="$STREAM" \
    --registry-config=/etc/containers/registries.conf \
    "${flags[@]}" || status=$?
  rm -r "$program"
  return "$status"
}

image_refs() { ostree refs --repo="$REPOSITORY" --list ostree/container/image | sort; }

# Gives what is pulled the name REF. A pull that broke off is taken up by the next run: what is there already is not pulled again.
pull() {
  local image before after new
  ! ostree rev-parse --repo="$REPOSITORY" "$REF" >/dev/null 2>&1 || return 0
  image=$(node_image)
  if [[ ! -d $REPOSITORY ]]; then
    mkdir -p "$FOLDER"
    ostree init --repo="$REPOSITORY" --mode=bare
    # What the booted system has as well need not come over the network.
    ostree config --repo="$REPOSITORY" set core.parent /ostree/repo
  fi
  before=$(image_refs)
  until ostree container image pull --authfile="$REGISTRY_AUTH_FILE" "$REPOSITORY" "ostree-unverified-image:docker://$image"; do
    echo "the operating system cannot be pulled yet"
    sleep 10
  done
  after=$(image_refs)
  new=$(comm -13 <(echo "$before") <(echo "$after"))
  # A run before this one may have pulled it, and ended before it had a name.
  ostree refs --repo="$REPOSITORY" --create="$REF" "${new:-$(tail -n 1 <<<"$after")}"
}

booted_version() { rpm-ostree status --json --booted | jq --raw-output '.deployments[0].version // ""'; }
pulled_version() { ostree show --repo="$REPOSITORY" --print-metadata-key=version "$REF" | tr -d "'"; }

wait_for_release
pull
if [[ $(pulled_version) == "$(booted_version)" ]]; then
  echo "the operating system of the release is the one that has booted"
  exit 0
fi
rm -rf "$CHECKOUT"
ostree checkout --repo="$REPOSITORY" --union "$REF" "$CHECKOUT"
ln --symbolic --force --no-dereference "$CHECKOUT" $LINK
