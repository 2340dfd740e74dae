export { libvirtHost, startLibvirtHost, type LibvirtHost, type LibvirtHostOptions } from "./libvirt-host.ts";
