#!/bin/bash
# Puts the operating system of the release, which node-image-pull.sh has unpacked, in place of the one that has booted, until the machine restarts.
set -euo pipefail

LINK=/run/node-image
KEPT=({{kept}})

if [[ ! -e $LINK ]]; then
  echo "the operating system of the release is the one that has booted"
  exit 0
fi
new=$(readlink --canonicalize "$LINK")

# The kernel stays, and so do its modules.
mkdir -p "$new/usr/lib/modules"
mount --rbind /usr/lib/modules "$new/usr/lib/modules"
mount --rbind --options ro "$new/usr" /usr

# What Ignition has written and what the machine has come to stays; the policy of SELinux is that of the new programs.
rsync --archive --ignore-existing --exclude=/selinux "${KEPT[@]}" "$new/usr/etc/" /etc/
rsync --archive "$new/usr/etc/selinux/" /etc/selinux/
! selinuxenabled || load_policy
systemctl daemon-reload
