#!/bin/bash
# The images of the release. Sourced by whatever runs one of them.

RELEASE_IMAGE={{image}}
export REGISTRY_AUTH_FILE=/root/.docker/config.json
# Where podman puts what containers say.
LOG_DRIVER=({{logDriver}})

# The release by its digest: the one that was pulled, whatever its tag means by now.
release_digest() { podman image inspect "$RELEASE_IMAGE" | jq --exit-status --raw-output '.[0].RepoDigests[0]'; }

# image_of COMPONENT: the pull spec of one of its images.
image_of() {
  local release
  release=$(release_digest) || return
  podman run --quiet --rm "${LOG_DRIVER[@]}" --net=none "$release" image "$1"
}
