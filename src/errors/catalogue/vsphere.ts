import { type CatalogueEntry, entry } from "./entry.ts";

/** Platform vsphere. */
export const VSPHERE_ERRORS = {
  VCENTER_UNREACHABLE: entry(
    "infrastructure",
    "A vCenter does not answer.",
    "Check its name and port under platform.vsphere.vcenters, DNS, proxies and firewalls; `virt-ipi doctor` checks the rest.",
  ),
  VCENTER_LOGIN: entry(
    "infrastructure",
    "A vCenter refuses the user name or password.",
    "Correct user and password under platform.vsphere.vcenters; `destroy` has them from metadata.json, which `virt-ipi preview` writes again. They were tried once only, so that the account is not locked.",
  ),
  VCENTER_CERTIFICATE: entry(
    "infrastructure",
    "The certificate of a vCenter cannot be verified.",
    "Put the vCenter's CA (https://VCENTER/certs/download.zip) into additionalTrustBundle, and use the name that the certificate was issued for.",
  ),
  VCENTER_PRIVILEGE: entry(
    "infrastructure",
    "The vCenter account lacks a privilege.",
    "Run `virt-ipi role`, which writes the minimum role that this cluster needs.",
  ),
  VCENTER_FAILED: entry("infrastructure", "A vCenter refused an operation.", "Read its message above; `virt-ipi doctor` checks the inventory."),
  VSPHERE_INVENTORY: entry(
    "infrastructure",
    "Something that the install-config names is not in the vCenter, or is something else than it should be.",
    "Correct the names and paths under platform.vsphere.failureDomains; `virt-ipi doctor` checks them.",
  ),
  OVA_UPLOAD_FAILED: entry(
    "infrastructure",
    "The OVA could not be uploaded to an ESXi host.",
    "The upload goes straight to a host: its name must resolve from here, port 443 be open and its CA be known (additionalTrustBundle). Run again to retry.",
  ),
  VSPHERE_TEMPLATE_UNFIT: entry(
    "infrastructure",
    "A template cannot be cloned into this cluster's machines.",
    "Give another template, or leave topology.template out to have one imported.",
  ),
} as const satisfies Record<string, CatalogueEntry>;
