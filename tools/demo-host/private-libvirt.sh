#!/bin/sh
# Runs a program with DIR in place of libvirt's compiled-in folders. Called inside a fresh mount namespace:
#   unshare --mount private-libvirt.sh DIR PROGRAM [ARGUMENT…]
set -eu
dir=$1
shift
mount --make-rprivate /
for pair in etc:/etc/libvirt lib:/var/lib/libvirt run:/run/libvirt cache:/var/cache/libvirt log:/var/log/libvirt; do
  mkdir -p "${pair#*:}"
  mount --bind "$dir/${pair%%:*}" "${pair#*:}"
done
exec "$@"
