import type { IgnitionBuilder } from "../ignition/index.ts";
import { renderTemplate, type TemplateSource } from "../templates.ts";

/** Units of the bootstrap machine, and whether they start by themselves. The others are pulled in. */
const UNITS: Readonly<Record<string, boolean>> = {
  "approve-csr.service": true,
  "bootkube.service": false,
  "chown-gatewayd-key.service": true,
  "crio-configure.service": false,
  "kubelet.service": true,
  "progress.service": true,
  "release-image.service": false,
};

/** Drop-ins for units of the image. */
const DROPINS = [
  ["systemd-journal-gatewayd.service", "certs.conf"],
  ["zincati.service", "okd-machine-os-disabled.conf"],
] as const;

/** A unit that is in the image, and only has to start. */
const JOURNAL_SOCKET = "systemd-journal-gatewayd.socket";

export function bootstrapUnits(templates: TemplateSource, builder: IgnitionBuilder): IgnitionBuilder {
  const own = Object.entries(UNITS).map(([name, enabled]) => unit(templates, name, enabled));
  return DROPINS.reduce(
    (config, [name, dropin]) => config.dropin(name, dropin, renderTemplate(templates, `openshift/units/${name}.d/${dropin}`)),
    builder.unit(...own, { name: JOURNAL_SOCKET, contents: "", enabled: true }),
  );
}

export const inPlaceUnits = (templates: TemplateSource, builder: IgnitionBuilder): IgnitionBuilder =>
  builder.unit(unit(templates, "install-to-disk.service", true));

const unit = (templates: TemplateSource, name: string, enabled: boolean) => ({
  name,
  contents: renderTemplate(templates, `openshift/units/${name}`),
  ...(enabled ? { enabled } : {}),
});
