/** The resources that programs declare. A door of their own: Pulumi's SDK takes a second to load, which who declares nothing spares. */
export { BootstrapComplete, InstallComplete } from "./cluster/sdk.ts";
export type { Args } from "./resource/sdk.ts";
export {
  Acceleration,
  CatalogReady,
  ComponentReady,
  DeploymentsReady,
  HyperConvergedReady,
  IdentityProvider,
  InstalledVersions,
  InstallPlanApproval,
  Leftovers,
  OperatorReady,
  StorageReady,
  WorkloadGuard,
} from "./virtualization/sdk.ts";
