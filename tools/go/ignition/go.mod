module virt-ipi/tools/ignition

go 1.24.0

require github.com/coreos/ignition/v2 v2.14.0

require (
	github.com/aws/aws-sdk-go v1.30.28 // indirect
	github.com/coreos/go-json v0.0.0-20211020211907-c63f628265de // indirect
	github.com/coreos/go-semver v0.3.0 // indirect
	github.com/coreos/go-systemd/v22 v22.0.0 // indirect
	github.com/coreos/vcontext v0.0.0-20211021162308-f1dbbca7bef4 // indirect
	github.com/vincent-petithory/dataurl v1.0.0 // indirect
)
