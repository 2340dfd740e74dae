module virt-ipi/tools/machine-config-server

go 1.24
