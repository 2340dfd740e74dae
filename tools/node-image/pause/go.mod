module virt-ipi/tools/node-image/pause

go 1.24
