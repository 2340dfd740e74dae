export { CATALOGUE, EXIT, type CatalogueEntry, type ExitClass } from "./catalogue.ts";
export { InstallerError, isInstallerError, messageOf, type ErrorId, type InstallerErrorOptions } from "./installer-error.ts";
