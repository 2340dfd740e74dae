import type { IgnitionBuilder } from "../ignition/index.ts";
import { renderTemplate, type TemplateSource } from "../templates.ts";
import type { OpenShiftContext } from "./context.ts";

/** Units of the bootstrap machine, and whether they start by themselves. The others are pulled in. */
const UNITS: Readonly<Record<string, boolean>> = {
  "approve-csr.service": true,
  "bootkube.service": false,
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

/** What hands out the journal, on images that have the program: the first lets it read its key, the second is in the image and only has to start. */
const JOURNAL_KEY = "chown-gatewayd-key.service";
const JOURNAL_SOCKET = "systemd-journal-gatewayd.socket";

export function bootstrapUnits({ templates, contract }: Pick<OpenShiftContext, "templates" | "contract">, builder: IgnitionBuilder): IgnitionBuilder {
  const own = Object.entries(UNITS).map(([name, enabled]) => unit(templates, name, enabled));
  const journal = contract.journalGateway ? [unit(templates, JOURNAL_KEY, true), { name: JOURNAL_SOCKET, contents: "", enabled: true }] : [];
  return DROPINS.reduce(
    (config, [name, dropin]) => config.dropin(name, dropin, renderTemplate(templates, `openshift/units/${name}.d/${dropin}`)),
    builder.unit(...own, ...journal),
  );
}

export const inPlaceUnits = (templates: TemplateSource, builder: IgnitionBuilder): IgnitionBuilder =>
  builder.unit(unit(templates, "install-to-disk.service", true));

const unit = (templates: TemplateSource, name: string, enabled: boolean) => ({
  name,
  contents: renderTemplate(templates, `openshift/units/${name}`),
  ...(enabled ? { enabled } : {}),
});
