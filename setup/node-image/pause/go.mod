module virt-ipi/setup/node-image/pause

go 1.24
