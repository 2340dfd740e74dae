import { choice, flag, integer, list, object, open, text, texts } from "../../fields/field.ts";
import { dnsRecordsType, oldVipShape, vipShape } from "../shared-schema.ts";

export const baremetalPool = object({}, "There are no settings for bare-metal machines of a pool.");

export const baremetalSchema = object(
  {
    libvirtURI: text("libvirt connection for the bootstrap machine.", { default: "qemu:///system" }),
    ...vipShape(),
    ...oldVipShape,
    externalBridge: text("Bridge to the machine network.", { default: "baremetal" }),
    externalMACAddress: text("MAC address of the bootstrap machine there."),
    provisioningNetwork: choice(["Managed", "Unmanaged", "Disabled"], "Who serves the provisioning network.", { default: "Managed" }),
    provisioningBridge: text("Bridge to the provisioning network.", { default: "provisioning" }),
    provisioningMACAddress: text("MAC address of the bootstrap machine there."),
    provisioningNetworkInterface: text("Interface of the machines on the provisioning network."),
    provisioningNetworkGateway: text("Gateway of the provisioning network.", { rules: "An IP address." }),
    provisioningNetworkCIDR: text("CIDR of the provisioning network.", { default: "172.22.0.0/24" }),
    provisioningDHCPRange: text("First and last address, separated by a comma."),
    provisioningDHCPExternal: flag("Whether DHCP is served by someone else.", { deprecated: "provisioningNetwork: Unmanaged" }),
    bootstrapProvisioningIP: text("Address of the bootstrap machine on the provisioning network."),
    clusterProvisioningIP: text("Address of the provisioning service in the cluster."),
    provisioningHostIP: text("Address of the provisioning service.", { deprecated: "clusterProvisioningIP" }),
    bootstrapExternalStaticIP: text("Static address of the bootstrap machine."),
    bootstrapExternalStaticGateway: text("Gateway of the bootstrap machine."),
    bootstrapExternalStaticDNS: text("DNS server of the bootstrap machine."),
    bootstrapOSImage: text("URL of the bootstrap machine's image, with ?sha256=."),
    clusterOSImage: text("URL of the machines' image, with ?sha256=."),
    bmcVerifyCA: text("Certificates that those of the management controllers are checked with.", {
      silent: true,
      lines: true,
      rules: "PEM blocks of X.509 certificates.",
    }),
    dnsRecordsType,
    additionalNTPServers: texts("NTP servers."),
    defaultMachinePlatform: object({}, "There are no settings for bare-metal machines."),
    hosts: list(
      {
        name: text("Name of the host."),
        role: text("master, worker or arbiter."),
        bootMACAddress: text("MAC address that it boots with."),
        bootMode: choice(["UEFI", "UEFISecureBoot", "legacy"], "How it boots.", { default: "UEFI" }),
        hardwareProfile: text("Profile.", { default: "default" }),
        rootDeviceHints: object(
          {
            deviceName: text("Device."),
            hctl: text("SCSI address."),
            model: text("Model."),
            vendor: text("Vendor."),
            serialNumber: text("Serial number."),
            minSizeGigabytes: integer("Smallest size."),
            wwn: text("World-wide name."),
            wwnWithExtension: text("World-wide name with extension."),
            wwnVendorExtension: text("Vendor extension of the world-wide name."),
            rotational: flag("Whether it rotates."),
          },
          "Which disk to install to.",
        ),
        networkConfig: open("NMState configuration.", { keepsNulls: true }),
        bmc: object(
          {
            address: text("Address of the management controller."),
            username: text("User.", { personal: true }),
            password: text("Password.", { secret: true }),
            disableCertificateVerification: flag("Do not check its certificate.", { default: false }),
          },
          "Management controller.",
        ),
      },
      "The machines.",
    ),
  },
  "Physical machines with management controllers: the cluster provisions them itself. Only manifests and Ignition configs are created.",
);
