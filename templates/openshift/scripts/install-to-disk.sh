#!/bin/bash
# Writes the operating system to the disk that the install-config names, with the config of the cluster's machine, and restarts from there.
set -euo pipefail
# shellcheck source=SCRIPTDIR/bootstrap-service-record.sh
source /usr/local/bin/bootstrap-service-record.sh

stage_begin wait-for-bootkube
until [[ -e /opt/openshift/.bootkube.done ]]; do sleep 5; done
stage_end success

stage_begin coreos-installer
coreos-installer install -n -i /opt/openshift/master.ign {{disk}}
stage_end success

stage_begin reboot
touch /opt/openshift/.install-to-disk.done
# Not at once: who follows the logs sees the end of them.
shutdown --reboot +1 "The operating system is on its disk: the machine goes on from there."
stage_end success
