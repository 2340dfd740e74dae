import type { BootstrapContext } from "../distribution-renderer.ts";
import { IgnitionBuilder, type FileInput, type IgnitionConfig } from "../ignition/index.ts";
import { tlsPart } from "../tls/material.ts";
import { bootstrapFiles, inPlaceFiles, rootFile } from "./bootstrap-files.ts";
import type { BootstrapMachine } from "./bootstrap-scripts.ts";
import { bootstrapUnits, inPlaceUnits } from "./bootstrap-units.ts";
import { bootstrapOverrides } from "./cluster-version.ts";
import { openshiftContext, type OpenShiftContext } from "./context.ts";
import { isFencingSecret } from "./fencing.ts";
import { BOOTSTRAP_FOLDER, BOOTSTRAP_KUBECONFIGS } from "./kubeconfigs.ts";
import { platformFiles, platformUnits } from "./platform-files.ts";
import { BOOTSTRAP_TLS_FILES, certificateFiles } from "./tls.ts";

/** Everything that the bootstrap machine starts with. */
export const bootstrapIgnition = (given: BootstrapContext): IgnitionConfig => common(machine(given, false)).build();

/** The same for a machine that becomes a cluster of one without another's help. */
export function inPlaceIgnition(given: BootstrapContext): IgnitionConfig {
  const context = machine(given, true);
  return inPlaceUnits(context.templates, inPlaceFiles(context, common(context))).build();
}

const machine = (given: BootstrapContext, inPlace: boolean): BootstrapContext & BootstrapMachine =>
  Object.assign(openshiftContext(given), { inPlace });

function common(context: BootstrapContext & BootstrapMachine): IgnitionBuilder {
  const { openshift, tls } = context;
  const keys = [openshift.sshKey, tlsPart(tls, "bootstrap-ssh", "publicKey")];
  return platformUnits(context, bootstrapUnits(context, bootstrapFiles(context, new IgnitionBuilder())))
    .user({ name: "core", sshAuthorizedKeys: keys })
    .file(...manifestFiles(context), ...kubeconfigFiles(context), ...tlsFiles(context), ...platformFiles(context));
}

function manifestFiles({ manifests }: BootstrapContext): readonly FileInput[] {
  const overrides = bootstrapOverrides(manifests);
  const texts = new Map([...manifests, [overrides.path, overrides.text]]);
  return [
    // Readable by all, as OpenShift has them: what may log in to the machine is root already.
    ...[...texts].map(([path, text]) => rootFile(`${BOOTSTRAP_FOLDER}/${path}`, text, modeOfManifest(path))),
    rootFile(`${BOOTSTRAP_FOLDER}/original_cvo_overrides.patch`, overrides.patch, 0o644),
  ];
}

const modeOfManifest = (path: string): number => (isFencingSecret(path) ? 0o600 : 0o644);

const kubeconfigFiles = ({ kubeconfigs }: BootstrapContext): readonly FileInput[] =>
  BOOTSTRAP_KUBECONFIGS.map((path) => rootFile(path, kubeconfigs.get(path) ?? "", 0o600));

const tlsFiles = ({ tls, platform, spec }: BootstrapContext & OpenShiftContext): readonly FileInput[] =>
  [...BOOTSTRAP_TLS_FILES, ...certificateFiles(platform.certificates?.(spec) ?? [])].map(({ row, part, name, isPublic }) =>
    rootFile(`${BOOTSTRAP_FOLDER}/tls/${name}`, tlsPart(tls, row, part), isPublic === true ? 0o644 : 0o600),
  );
