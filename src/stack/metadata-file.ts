import { clusterNameProblem, isInfraID, isUuid } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { type PlatformMetadata, platformNames } from "../providers/index.ts";
import { isRecord } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { readJsonIfExists } from "./json-file.ts";

/** What metadata.json says of a cluster, checked: names and paths are made from it, and objects are removed by it. */
export interface ClusterMetadata {
  readonly name: string;
  readonly infraID: string;
  /** Absent in a file that lost it; nothing is removed by it. */
  readonly clusterID: string | undefined;
  /** The platform's own section, with the platform's name; the platform checks it. Absent where the machines are the user's. */
  readonly platform?: PlatformMetadata;
}

/**
 * Undefined if there is no metadata.json.
 * @throws InstallerError METADATA_INVALID, FILE_UNREADABLE, CLUSTER_UNKNOWN without an infraID
 */
export async function readMetadata(folder: ClusterFolder): Promise<ClusterMetadata | undefined> {
  const written = await readJsonIfExists<unknown>(folder.metadata);
  if (written === undefined) return undefined;
  if (!isRecord(written)) throw refusal(folder, ["it is not a JSON object"]);
  const { infraID, clusterName, clusterID } = written;
  const [name, ...more] = platformNames.filter((each) => each in written);
  if (infraID === undefined)
    throw new InstallerError("CLUSTER_UNKNOWN", `${folder.root} contains no cluster`, {
      value: folder.root,
      details: ["metadata.json has no infraID"],
    });
  const section = name === undefined ? {} : written[name];
  const problems = [
    ...(isInfraID(infraID) ? [] : [`infraID: ${shown(infraID)} is not the name and the five random characters of a cluster`]),
    ...nameProblems(clusterName),
    ...(clusterID === undefined || clusterID === "" || (typeof clusterID === "string" && isUuid(clusterID))
      ? []
      : [`clusterID: ${shown(clusterID)} is not a UUID`]),
    ...(more.length === 0 ? [] : [`it has sections of several platforms: ${[name, ...more].join(", ")}`]),
    ...(isRecord(section) ? [] : [`${name}: is not an object`]),
  ];
  if (problems.length > 0 || !isInfraID(infraID) || !isRecord(section)) throw refusal(folder, problems);
  return {
    name: typeof clusterName === "string" ? clusterName : infraID,
    infraID,
    clusterID: typeof clusterID === "string" && clusterID !== "" ? clusterID : undefined,
    ...(name === undefined ? {} : { platform: { ...section, platform: name } }),
  };
}

/** The infraID in metadata.json, whatever else is wrong with the file: to see whether it is another's. */
export async function infraIDInMetadata(folder: ClusterFolder): Promise<string | undefined> {
  const written = await readJsonIfExists<unknown>(folder.metadata).catch(() => undefined);
  return isRecord(written) && typeof written["infraID"] === "string" ? written["infraID"] : undefined;
}

function nameProblems(clusterName: unknown): readonly string[] {
  if (clusterName === undefined) return [];
  if (typeof clusterName !== "string") return ["clusterName: is not text"];
  const problem = clusterNameProblem(clusterName);
  return problem === undefined ? [] : [`clusterName: ${shown(clusterName)} ${problem}`];
}

const refusal = (folder: ClusterFolder, details: readonly string[]): InstallerError =>
  new InstallerError("METADATA_INVALID", `${folder.metadata} does not describe a cluster that virt-ipi or openshift-install has created`, {
    value: folder.metadata,
    details,
  });

const shown = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 120);
