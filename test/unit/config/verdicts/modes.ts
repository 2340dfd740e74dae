import { baremetal, type Case, external, FORBIDDEN, INVALID, kvm, none, REQUIRED, UNSUPPORTED, vsphere, NEWEST } from "./support.ts";

const http = (url: string) => ({ "proxy.httpProxy": url });
const https = (url: string) => ({ "proxy.httpsProxy": url });
const noProxy = (list: string) => ({ ...http("http://proxy.example.com:3128"), "proxy.noProxy": list });
const mirror = (source: string, ...mirrors: string[]) => ({ imageDigestSources: [{ source, mirrors }] });
const capabilities = (baseline: string | undefined, ...additional: string[]) => ({
  capabilities: { ...(baseline === undefined ? {} : { baselineCapabilitySet: baseline }), additionalEnabledCapabilities: additional },
});
const ADDITIONAL = "capabilities.additionalEnabledCapabilities";
const NEEDED = ["CloudCredential", "CloudControllerManager", "Ingress"];
const SOURCE = "imageDigestSources[0].source";
const MIRROR = "imageDigestSources[0].mirrors[0]";
const gates = (...names: string[]) => ({ featureSet: "CustomNoUpgrade", featureGates: names });
const KEY = "pki.signerCertificates.key";
const pki = (key: object) => ({ ...NEWEST, featureSet: "DevPreviewNoUpgrade", pki: { signerCertificates: { key } } });

export const MODES: readonly Case[] = [
  ["both proxies", none, { ...http("http://u:p@proxy.example.com:3128"), ...https("https://proxy.example.com"), "proxy.noProxy": "example.com" }],
  ["an empty proxy", none, { proxy: {} }, ["proxy", REQUIRED, "httpProxy or httpsProxy"]],
  ["only noProxy", none, { "proxy.noProxy": "example.com" }, ["proxy", REQUIRED, ""]],
  ["https as HTTP proxy", none, http("https://proxy.example.com"), ["proxy.httpProxy", UNSUPPORTED, '"http"']],
  ["ftp as HTTPS proxy", none, https("ftp://proxy.example.com"), ["proxy.httpsProxy", UNSUPPORTED, '"http", "https"']],
  ["a scheme and nothing more", none, http("invalidscheme://"), ["proxy.httpProxy", UNSUPPORTED, '"http"']],
  ["a proxy without scheme", none, http("http//proxy"), ["proxy.httpProxy", INVALID, "must be a URL"]],
  ["a proxy with a broken escape", none, http("http://bad%zzuri"), ["proxy.httpProxy", INVALID, "must be a URL"]],
  ["a proxy with a bare %", none, http("http://user:p%ss@proxy.example.com"), ["proxy.httpProxy", INVALID, "a bare % must be written %25"]],
  ["a proxy with a blank in the password", none, http("http://u:p w@proxy.example.com"), ["proxy.httpProxy", INVALID, "%20"]],
  ["a proxy with a backslash in the user name", none, https("https://corp\\u:pw@proxy.example.com"), ["proxy.httpsProxy", INVALID, "%5C"]],
  ["a proxy with a login and no scheme", none, http("corp\\u:pw@proxy.example.com:3128"), ["proxy.httpProxy", INVALID, "has no scheme"]],
  ["a proxy of another scheme with one slash", none, http("https:/proxy.example.com"), ["proxy.httpProxy", INVALID, "two slashes and a host"]],
  [
    "a proxy with an IPv6 address without brackets on 5.0",
    none,
    { ...NEWEST, ...http("http://fd00::1:3128") },
    ["proxy.httpProxy", INVALID, "not a port"],
  ],
  ["a proxy with an escaped password", none, http("http://corp%5Cu:p%25%20w@[fd00::5]:3128/")],
  ["a proxy among the pods", none, http("http://10.128.0.9:3128"), ["proxy.httpProxy", INVALID, "10.128.0.0/14"]],
  ["a proxy among the Services", none, https("https://172.30.0.9"), ["proxy.httpsProxy", INVALID, "172.30.0.0/16"]],
  [
    "a proxy in the join subnet",
    none,
    { ...http("http://100.65.0.9"), "networking.ovnKubernetesConfig.ipv4.internalJoinSubnet": "100.65.0.0/16" },
    ["proxy.httpProxy", INVALID, "100.65.0.0/16"],
  ],
  ["a proxy among the machines", none, http("http://10.0.0.9:3128")],
  ["noProxy of all kinds", none, noProxy("example.com,.sub.example.com,10.0.0.1,10.0.0.0/16,fd00::1,trailing.")],
  ["noProxy for everything", none, noProxy("*")],
  ["noProxy with spaces", none, noProxy("a.com, b.com"), ["proxy.noProxy", INVALID, "spaces"]],
  ["noProxy with a wildcard", none, noProxy("a.com,*.b.com"), ["proxy.noProxy", INVALID, 'element 1 "*.b.com"']],
  ["noProxy with * among others", none, noProxy("a.com,*"), ["proxy.noProxy", INVALID, 'element 1 "*"']],
  [
    "noProxy with two bad elements",
    none,
    noProxy("a_b,c d"),
    ["proxy.noProxy", INVALID, "spaces"],
    ["proxy.noProxy", INVALID, "element 0"],
    ["proxy.noProxy", INVALID, "element 1"],
  ],

  ["mirrors", none, mirror("quay.io/openshift/release", "mirror.example.com:5000/ocp/release", "localhost/x")],
  ["a whole registry", none, mirror("quay.io", "registry.example.com:5000", "host")],
  ["an empty source", none, { imageDigestSources: [{ mirrors: [] }] }, [SOURCE, INVALID, "must not be empty"]],
  ["a source with a tag", none, mirror("quay.io/a/b:latest"), [SOURCE, INVALID, "without tag"]],
  ["a source with a digest", none, mirror("quay.io/a/b@sha256:aa"), [SOURCE, INVALID, "without digest"]],
  ["a source without registry", none, mirror("openshift/release"), [SOURCE, INVALID, "with its registry"]],
  ["a mirror with capitals", none, mirror("quay.io/a/b", "quay.io/A/b"), [MIRROR, INVALID, "repository"]],
  ["a bare mirror with capitals", none, mirror("quay.io/a/b", "Registry.example.com:5000"), [MIRROR, INVALID, "repository"]],
  ["a mirror with scheme", none, mirror("quay.io/a/b", "https://quay.io/a"), [MIRROR, INVALID, ""]],
  ["imageContentSources of old", none, { imageContentSources: [{ source: "quay.io/a", mirrors: ["m.example.com/a"] }] }],
  ["a wrong source of old", none, { imageContentSources: [{ source: "a b" }] }, ["imageContentSources[0].source", INVALID, ""]],
  [
    "old and new together",
    none,
    { ...mirror("quay.io/a"), imageContentSources: [{ source: "quay.io/a" }] },
    ["imageContentSources", INVALID, "together with imageDigestSources"],
  ],
  ["mirrors that containerd knows", kvm, mirror("quay.io/a/b", "m.example.com/a/b", "m.example.com:5000/x/y/a/b")],
  ["mirrors of a whole registry for containerd", kvm, mirror("quay.io", "m.example.com", "m.example.com/quay")],
  ["a mirror with another path for containerd", kvm, mirror("quay.io/a/b", "m.example.com/c/b"), [MIRROR, INVALID, "must end with /a/b"]],
  ["a source without mirrors for containerd", kvm, mirror("quay.io/a"), ["imageDigestSources[0].mirrors", REQUIRED, "has no effect"]],
  [
    "a registry that is never contacted",
    kvm,
    { imageDigestSources: [{ source: "quay.io", mirrors: ["m.example.com"], sourcePolicy: "NeverContactSource" }] },
  ],
  [
    "a repository that is never contacted, which containerd cannot tell from its registry",
    kvm,
    { imageDigestSources: [{ source: "quay.io/a", mirrors: ["m.example.com/a"], sourcePolicy: "NeverContactSource" }] },
    ["imageDigestSources[0].sourcePolicy", INVALID, "set source to quay.io"],
  ],
  [
    "two policies for a registry of containerd's",
    kvm,
    {
      imageDigestSources: [
        { source: "quay.io", mirrors: ["m.example.com"], sourcePolicy: "NeverContactSource" },
        { source: "quay.io/a", mirrors: ["n.example.com/a"] },
      ],
    },
    ["imageDigestSources[0].sourcePolicy", INVALID, "the same in all entries"],
    ["imageDigestSources[1].sourcePolicy", INVALID, "the same in all entries"],
  ],
  [
    "mirrors of old for containerd",
    kvm,
    { imageContentSources: [{ source: "quay.io/a", mirrors: ["m.example.com/b"] }] },
    ["imageContentSources[0].mirrors[0]", INVALID, "must end with /a"],
  ],
  ["NTP servers", kvm, { additionalNTPServers: ["10.0.0.1", "fd00::1", "ntp.example.com"] }],
  ["an NTP server that is none", kvm, { additionalNTPServers: ["ntp.example.com", "a b"] }, ["additionalNTPServers[1]", INVALID, "IP address or"]],
  ["NTP servers of OpenShift", none, { additionalNTPServers: ["10.0.0.1"] }, ["additionalNTPServers", FORBIDDEN, "MachineConfig"]],
  ["a source policy", none, { imageDigestSources: [{ source: "quay.io/a", mirrors: ["mirror.example.com/a"], sourcePolicy: "NeverContactSource" }] }],
  [
    "another source policy",
    none,
    { imageDigestSources: [{ source: "quay.io/a", sourcePolicy: "Never" }] },
    ["imageDigestSources[0].sourcePolicy", UNSUPPORTED, "NeverContactSource"],
  ],

  ["publish Internal", none, { publish: "Internal" }, ["publish", INVALID, "platform none"]],
  [
    "publish Mixed",
    vsphere,
    { publish: "Mixed" },
    ["publish", INVALID, "platform vsphere"],
    ["publish", INVALID, "needs operatorPublishingStrategy"],
  ],
  ["another publish", none, { publish: "Public" }, ["publish", UNSUPPORTED, '"External", "Internal", "Mixed"']],
  [
    "a publishing strategy without Mixed",
    none,
    { operatorPublishingStrategy: { ingress: "Internal" } },
    ["operatorPublishingStrategy", INVALID, "publish: Mixed"],
  ],
  ["credentialsMode on vsphere", vsphere, { credentialsMode: "Manual" }, ["credentialsMode", INVALID, "cannot be set on platform vsphere"]],
  ["credentialsMode on external", external, { credentialsMode: "Mint" }, ["credentialsMode", INVALID, "cannot be set"]],
  ["another credentialsMode", none, { credentialsMode: "Auto" }, ["credentialsMode", INVALID, '"Mint"']],
  ["cpuPartitioningMode", none, { cpuPartitioningMode: "AllNodes" }],

  ["all capabilities", none, capabilities("vCurrent")],
  ["no capabilities at all", none, { capabilities: {} }, ["capabilities.baselineCapabilitySet", UNSUPPORTED, '"vCurrent"']],
  ["another baseline", none, capabilities("v4.1"), ["capabilities.baselineCapabilitySet", UNSUPPORTED, '"v4.18"']],
  ["another capability", none, capabilities("None", "Ingress", "Magic"), [`${ADDITIONAL}[1]`, UNSUPPORTED, '"marketplace"']],
  ["baseline None on none", none, capabilities("None", "Ingress")],
  ["Cluster API in 5.0", none, { ...NEWEST, ...capabilities("None", "Ingress", "ClusterAPI", "CompatibilityRequirements") }],
  ["Cluster API in 4.21", none, capabilities("None", "Ingress", "ClusterAPI"), [`${ADDITIONAL}[1]`, INVALID, "not in version 4.21"]],
  ["baseline None without Ingress", none, capabilities("None"), ["capabilities", INVALID, "Ingress"]],
  [
    "baseline None on vsphere",
    vsphere,
    capabilities("None", "Ingress"),
    ["capabilities", INVALID, "CloudCredential"],
    ["capabilities", INVALID, "CloudControllerManager"],
  ],
  ["baseline None with what is needed on vsphere", vsphere, capabilities("None", ...NEEDED)],
  [
    "baseline v4.15 lacks what came later",
    vsphere,
    capabilities("v4.15"),
    ["capabilities", INVALID, "CloudControllerManager"],
    ["capabilities", INVALID, "Ingress"],
  ],
  ["marketplace without OLM", none, capabilities("None", "Ingress", "marketplace"), [ADDITIONAL, INVALID, "OperatorLifecycleManager"]],
  ["marketplace with OLM", none, capabilities("None", "Ingress", "marketplace", "OperatorLifecycleManager")],
  ["baremetal without its capability", baremetal, capabilities("None", "Ingress"), [ADDITIONAL, INVALID, "capability baremetal"]],
  ["external without cloud controller manager", external, capabilities("None", "Ingress", "CloudCredential")],
  [
    "external with one, but not its capability",
    external,
    { ...capabilities("None", "Ingress", "CloudCredential"), "platform.external.cloudControllerManager": "External" },
    ["capabilities", INVALID, "CloudControllerManager"],
  ],

  ["a feature set", none, { featureSet: "TechPreviewNoUpgrade" }],
  ["another feature set", none, { featureSet: "Beta" }, ["featureSet", UNSUPPORTED, '"CustomNoUpgrade"']],
  ["single features", none, gates("A=true", "B=0", "C=F")],
  ["single features without the set", none, { featureGates: ["A=true"] }, ["featureGates", FORBIDDEN, "CustomNoUpgrade"]],
  ["a feature without value", none, gates("A"), ["featureGates[0]", INVALID, "form Name=true"]],
  ["a feature with two values", none, gates("A=true=false"), ["featureGates[0]", INVALID, "form Name=true"]],
  ["a feature that is neither on nor off", none, gates("A=true", "B=maybe"), ["featureGates[1]", INVALID, "boolean"]],
  ["an OS stream", none, { ...NEWEST, osImageStream: "rhel-10" }],
  [
    "an OS stream without gate",
    none,
    { ...NEWEST, ...gates("A=true"), osImageStream: "rhel-9" },
    ["osImageStream", FORBIDDEN, "CustomNoUpgrade leaves closed"],
  ],
  ["the version's own OS stream without gate", none, { ...NEWEST, ...gates("A=true"), osImageStream: "rhel-10" }],
  ["an OS stream with gate", none, { ...NEWEST, ...gates("OSStreams=true"), osImageStream: "rhel-10" }],
  [
    "an OS stream with the gate shut",
    none,
    { ...NEWEST, ...gates("OSStreams=false"), osImageStream: "rhel-9" },
    ["osImageStream", FORBIDDEN, "OSStreams"],
  ],
  ["RSA signers", none, pki({ algorithm: "RSA", rsa: { keySize: 4096 } })],
  ["ECDSA signers", none, pki({ algorithm: "ECDSA", ecdsa: { curve: "P384" } })],
  ["a key size between the steps", none, pki({ algorithm: "RSA", rsa: { keySize: 2500 } }), [`${KEY}.rsa.keySize`, INVALID, "2048 to 8192"]],
  [
    "a curve for RSA",
    none,
    pki({ algorithm: "RSA", rsa: { keySize: 2048 }, ecdsa: { curve: "P256" } }),
    [`${KEY}.ecdsa`, FORBIDDEN, "algorithm RSA"],
  ],
  ["a pki without gate", none, { ...pki({ algorithm: "ECDSA", ecdsa: { curve: "P384" } }), featureSet: "" }, ["pki", FORBIDDEN, "ConfigurablePKI"]],

  [
    "features of OpenShift under kubernetes",
    kvm,
    { fips: true, featureSet: "TechPreviewNoUpgrade", ...capabilities("vCurrent") },
    ["fips", FORBIDDEN, "not of distribution kubernetes"],
    ["featureSet", FORBIDDEN, ""],
    ["capabilities", FORBIDDEN, ""],
  ],
];
