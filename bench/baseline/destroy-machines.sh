#!/bin/bash
# Takes away what clone-machines.sh has made. Usage: destroy-machines.sh COUNT
set -euo pipefail
for ((i = 0; i < $1; i++)); do govc vm.destroy "/DC0/vm/bare/bare-$i"; done
govc vm.destroy /DC0/vm/bare/template
govc object.destroy /DC0/vm/bare
govc tags.rm -f -c bare bare
govc tags.category.rm -f bare
