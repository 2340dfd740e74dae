#!/bin/bash
# This version of virt-ipi renders the assets of an OpenShift cluster and does not run its bootstrap.
echo "{{name}}: this version of virt-ipi does not bootstrap OpenShift clusters" >&2
exit 1
