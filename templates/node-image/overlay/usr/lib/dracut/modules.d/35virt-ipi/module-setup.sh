#!/bin/bash
# What this initramfs has beyond Ignition's own module: the DHCP settings, a resolv.conf made of the lease, and what makes emulation bearable.

depends() {
    echo systemd-networkd ignition
}

install() {
    inst_multiple setfiles sed grep tail cut journalctl cp mkdir dmesg
    inst_simple /etc/selinux/config
    inst_simple "$moddir/20-wired.network" /etc/systemd/network/20-wired.network
    inst_script "$moddir/lease-resolv-conf" /usr/sbin/lease-resolv-conf
    inst_simple "$moddir/lease-resolv-conf.service" "$systemdsystemunitdir/lease-resolv-conf.service"
    inst_script "$moddir/ignition-progress" /usr/sbin/ignition-progress
    inst_simple "$moddir/ignition-progress.service" "$systemdsystemunitdir/ignition-progress.service"
    inst_script "$moddir/tsc-check" /usr/sbin/tsc-check
    inst_simple "$moddir/emulation.conf" /usr/lib/virt-ipi/emulation.conf
    inst_simple "$moddir/emulation.service" "$systemdsystemunitdir/emulation.service"
    $SYSTEMCTL -q --root "$initdir" add-wants sysinit.target emulation.service
    mkdir -p "$initdir/$systemdsystemunitdir/ignition-fetch.service.d"
    inst_simple "$moddir/10-network.conf" "$systemdsystemunitdir/ignition-fetch.service.d/10-network.conf"
    for unit in emergency.service dracut-emergency.service; do
        inst_simple "$moddir/10-ignition-diagnostics.conf" "$systemdsystemunitdir/$unit.d/10-ignition-diagnostics.conf"
    done
}
