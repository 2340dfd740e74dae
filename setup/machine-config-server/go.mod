module virt-ipi/setup/machine-config-server

go 1.24
