/** What runs on the machines. */
export type Distribution = "kubernetes" | "openshift" | "okd";
