#!/bin/bash
# Pulls the release image, for as long as that takes: a registry or a network may come later than this machine.
set -euo pipefail
# shellcheck source=SCRIPTDIR/bootstrap-service-record.sh
source /usr/local/bin/bootstrap-service-record.sh
# shellcheck source=SCRIPTDIR/release-image.sh
source /usr/local/bin/release-image.sh

ISSUE=/etc/issue.d/70_release-image.issue

# Who looks at the console sees why nothing goes on.
show_failure() {
  mkdir -p "${ISSUE%/*}"
  printf '\e[31mThe release image %s cannot be pulled; journalctl -u release-image.service says why.\e[0m\n' "$RELEASE_IMAGE" >"$ISSUE"
  agetty --reload || true
}

hide_failure() {
  [[ -e $ISSUE ]] || return 0
  rm "$ISSUE"
  agetty --reload || true
}

pull() {
  while :; do
    stage_begin pull-release-image
    if podman pull --quiet "$RELEASE_IMAGE"; then
      stage_end success
      return
    fi
    stage_end failure
    show_failure
    sleep 20
  done
}

# What is of another architecture fails later, and says nothing that helps.
check_architecture() {
  local here image
  case $(uname -m) in
    x86_64) here=amd64 ;;
    aarch64) here=arm64 ;;
    *) here=$(uname -m) ;;
  esac
  image=$(podman image inspect "$RELEASE_IMAGE" | jq --raw-output '.[0].Architecture')
  if [[ $image != "$here" ]]; then
    echo "the release image is of architecture $image, and this machine of $here: release.image of the install-config must be of the machines' architecture" >&2
    return 1
  fi
}

pull
hide_failure
stage_begin image-metadata-arches-match
check_architecture
stage_end success
