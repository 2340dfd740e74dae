import { z } from "zod";
import type { PlatformKeys, PoolPlatformKeys } from "../platforms/keys.ts";
import { choice, field, flag, integer, list, object, text, texts } from "../fields/field.ts";
import { machinePools } from "./machine-pool.ts";
import { networkingOf } from "./networking.ts";
import { machineManagement } from "../machine-api/schema.ts";
import { virtualization } from "../virtualization/schema.ts";
import { DEFAULT_VERSION, OPENSHIFT_VERSIONS } from "../openshift/contract.ts";
import { CAPABILITIES, BASELINE_SETS } from "../fields/capability-names.ts";

const mirrors = {
  source: text("Repository that images are asked from.", { required: true, rules: "A repository: no tag, no digest." }),
  mirrors: texts("Repositories that are tried first.", { rules: "Repositories: no tag, no digest." }),
};

const DURATION = "A duration such as 45m or 1h30m, from one minute to 24 hours.";

/** What the platforms bring into the schema of the file. */
export interface PlatformSchemas {
  readonly platform: z.ZodType<PlatformKeys>;
  readonly pool: z.ZodType<PoolPlatformKeys>;
  /** How a default comes about that a platform has its own value of, by path; each begins with that value. */
  readonly defaultTexts: ReadonlyMap<string, string>;
}

/** The whole file. Structure only; what values must fulfil is in `rules/`. */
export const installConfigShape = ({ platform, pool, defaultTexts }: PlatformSchemas) =>
  z.strictObject({
    apiVersion: text("Version of this file's format.", { required: true, rules: "v1; v1beta3 and v1beta4 are converted." }),
    kind: choice(["InstallConfig"], "Kind of this file, as OpenShift has it.", { lenientWords: true }),
    metadata: object(
      {
        name: text("Name of the cluster.", { required: true, rules: "DNS-1123 subdomain of at most 54 characters, without dots." }),
        annotations: field(z.record(z.string(), z.string()), "Accepted and not used."),
        labels: field(z.record(z.string(), z.string()), "Accepted and not used."),
        namespace: text("Accepted and not used."),
        creationTimestamp: field(z.null(), "Accepted and not used."),
      },
      "Who the cluster is.",
      { required: true },
    ),
    baseDomain: text("DNS domain that the cluster's domain `<name>.<baseDomain>` belongs to.", { required: true, rules: "DNS-1123 subdomain." }),
    distribution: choice(
      ["kubernetes", "openshift", "okd"],
      "What runs on the machines. kubernetes: upstream Kubernetes on our node image; openshift, okd: a release image on RHCOS or SCOS.",
      {
        defaultText: [defaultTexts.get("distribution") ?? [], "openshift"].flat().join(", else "),
      },
    ),
    release: object(
      {
        version: text("Version of OpenShift or OKD, with or without its patch release.", {
          defaultText: `that of the image's tag, else ${DEFAULT_VERSION}`,
          rules: `One of ${OPENSHIFT_VERSIONS.join(", ")}. Required with an image whose tag does not begin with it.`,
        }),
        image: text("Pull spec of the release image.", {
          defaultText: "the image that is published of the version",
          rules: "With a tag or a digest.",
        }),
      },
      "Which release the cluster gets; only for distribution openshift and okd.",
    ),
    platform: field(platform, "Where the machines are. Exactly one key.", { required: true }),
    ...machinePools(pool),
    networking: networkingOf(defaultTexts),
    pullSecret: text("Credentials of the image registries, as JSON.", {
      secret: true,
      lines: true,
      rules: "JSON with `auths`, each entry with `auth` or `credsStore`. Required unless distribution is kubernetes.",
    }),
    sshKey: text("Public keys, one a line, of those who may log in as core.", {
      silent: true,
      lines: true,
      rules: "OpenSSH public keys; with fips only RSA and ECDSA.",
    }),
    additionalTrustBundle: text("Certificates that machines trust beside those of the system.", {
      silent: true,
      lines: true,
      rules: "PEM blocks of X.509 certificates.",
    }),
    additionalTrustBundlePolicy: choice(["Proxyonly", "Always"], "When the bundle is used: only with a proxy, or always.", {
      default: "Proxyonly",
      checkedByHand: true,
    }),
    proxy: object(
      {
        httpProxy: text("Proxy for HTTP.", {
          rules: "An http:// URL outside the cluster's networks; what is special in a password is percent-encoded (% itself: %25).",
        }),
        httpsProxy: text("Proxy for HTTPS.", { rules: "An http:// or https:// URL outside the cluster's networks, written as httpProxy is." }),
        noProxy: text("What is reached directly, separated by commas.", {
          rules: "IP addresses, CIDRs, domains (a leading dot: with its subdomains), or `*` alone; no spaces.",
        }),
      },
      "Proxy of the machines.",
      { rules: "httpProxy or httpsProxy." },
    ),
    additionalNTPServers: texts("NTP servers that machines set their clocks by.", {
      defaultText: "none: a machine's clock is its host's",
      rules: "IP addresses and domain names. Only with distribution kubernetes.",
    }),
    imageDigestSources: list(
      { ...mirrors, sourcePolicy: choice(["NeverContactSource", "AllowContactingSource"], "Whether the source itself may be asked.") },
      "Mirrors of image repositories, for images that are asked for by digest.",
      {
        rules:
          "With distribution kubernetes a mirror keeps the path that images have in their registry, behind a prefix of its own, and a registry has one sourcePolicy.",
      },
    ),
    imageContentSources: list(mirrors, "Mirrors of image repositories.", { deprecated: "imageDigestSources" }),
    publish: choice(["External", "Internal", "Mixed"], "How the API and the routes are published.", {
      default: "External",
      rules: "External on the platforms here.",
    }),
    operatorPublishingStrategy: object(
      {
        apiserver: choice(["External", "Internal"], "How the API is published."),
        ingress: choice(["External", "Internal"], "How the routes are published."),
      },
      "How each is published; only with publish: Mixed.",
    ),
    fips: flag("FIPS mode.", { default: false }),
    cpuPartitioningMode: choice(["None", "AllNodes"], "Workload partitioning.", { default: "None", lenientWords: true }),
    credentialsMode: choice(["Mint", "Passthrough", "Manual"], "How cloud credentials are given out.", {
      checkedByHand: true,
      rules: "Cannot be set on the platforms here.",
    }),
    bootstrapInPlace: object({ installationDisk: text("Disk to install to.", { required: true }) }, "Single node without a bootstrap machine.", {
      rules: "Exactly one control-plane machine.",
    }),
    capabilities: object(
      {
        baselineCapabilitySet: choice(BASELINE_SETS, "Set of capabilities to begin with.", { required: true }),
        additionalEnabledCapabilities: field(z.array(z.enum(CAPABILITIES)), "Capabilities on top of the set."),
      },
      "Optional components of OpenShift.",
      {
        rules:
          "Ingress, and on most platforms CloudCredential and CloudControllerManager, cannot be left out; marketplace needs OperatorLifecycleManager.",
      },
    ),
    featureSet: choice(
      ["", "TechPreviewNoUpgrade", "DevPreviewNoUpgrade", "CustomNoUpgrade", "OKD"],
      "Set of features that are not in use by default.",
      {
        default: "",
        rules: "OKD only with distribution okd.",
      },
    ),
    featureGates: texts("Single features, as `Name=true`.", { rules: "Only with featureSet CustomNoUpgrade." }),
    osImageStream: choice(["rhel-9", "rhel-10", "centos-10"], "Version of the operating system.", {
      rules: "Needs feature gate OSStreams, which is open by default.",
    }),
    pki: object(
      {
        signerCertificates: object(
          {
            key: object(
              {
                algorithm: choice(["RSA", "ECDSA"], "Key algorithm.", { required: true }),
                rsa: object({ keySize: integer("Bits.", { rules: "2048 to 8192 in steps of 1024." }) }, "Only with RSA."),
                ecdsa: object({ curve: choice(["P256", "P384", "P521"], "Curve.") }, "Only with ECDSA."),
              },
              "The signers' keys.",
            ),
          },
          "Certificates that sign others.",
        ),
      },
      "Keys of the installer's certificates.",
      { rules: "Needs feature gate ConfigurablePKI." },
    ),
    timeouts: object(
      {
        infrastructure: text("Until all machines are created.", { default: "30m", rules: DURATION }),
        bootstrap: text("Until the control plane runs without the bootstrap machine.", { default: "60m", rules: DURATION }),
        install: text("Until the cluster is complete.", { default: "60m", rules: DURATION }),
        operators: text("Until virtualization works in the complete cluster.", { default: "45m", rules: DURATION }),
      },
      "How long to wait.",
    ),
    virtualization,
    machineManagement,
  });

/** The file as the user wrote it: everything may be absent. */
export type RawInstallConfig = z.infer<ReturnType<typeof installConfigShape>>;
