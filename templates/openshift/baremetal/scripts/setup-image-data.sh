#!/bin/bash
# Takes the operating system that hosts first boot into out of the release, into the folder that Ironic's web server shows. Done once.
set -euo pipefail
# shellcheck source=SCRIPTDIR/release-image.sh
source /usr/local/bin/release-image.sh

DONE=/opt/metal3/images.done
[[ ! -e $DONE ]] || exit 0
image=$(image_of machine-os-images)
podman run --quiet --rm "${LOG_DRIVER[@]}" --net=none --volume ironic:/shared:z --entrypoint=/bin/copy-metal "$image" --all /shared/html/images
mkdir -p "${DONE%/*}"
touch $DONE
