import type { PlatformFile } from "../../config/index.ts";
import { type FileInput, type IgnitionBuilder } from "../ignition/index.ts";
import type { Manifest } from "../manifests/index.ts";
import { renderTemplate } from "../templates.ts";
import { tlsPart } from "../tls/material.ts";
import { modeOf, rootFile } from "./bootstrap-files.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";

/** What only the cluster's platform has: in manifests/ and openshift/, and on the bootstrap machine. */
export const platformManifests = (context: OpenShiftContext): readonly Manifest[] =>
  (context.platform.manifests?.(context) ?? []).map(({ path, object, isText }) =>
    manifest(path, isText === true ? object : typed(context.contract, object)),
  );

export const platformFiles = (context: OpenShiftContext): readonly FileInput[] =>
  (context.platform.bootstrapFiles?.(context, (certificate) => tlsPart(context.tls, certificate, "key")) ?? []).map((file) =>
    rootFile(file.path, textOf(context, file), modeOf(file.path)),
  );

export const platformUnits = (context: OpenShiftContext, builder: IgnitionBuilder): IgnitionBuilder =>
  builder.unit(
    ...(context.platform.bootstrapUnits?.(context) ?? []).map(({ enabled, ...file }) => ({
      name: file.path,
      contents: textOf(context, file),
      ...(enabled === true ? { enabled } : {}),
    })),
  );

const textOf = ({ templates, spec }: OpenShiftContext, { path, template, values }: PlatformFile): string =>
  renderTemplate(templates, `openshift/${template ?? `${spec.platform.name}/files${path}`}`, values);
