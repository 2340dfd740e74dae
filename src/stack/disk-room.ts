import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError } from "../errors/index.ts";
import { writeFileAtomic } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";

const MIB = 1024 * 1024;
/** The state is some hundred KiB, and each update keeps copies of it; the log and the engine's files come on top. */
export const LEAST_ROOM_MIB = 64;
/** For what has to be written down when an update has failed because the disk is full. */
const RESERVE_BYTES = 256 * 1024;

const reserveOf = (folder: ClusterFolder): string => join(folder.own, "reserve");

/**
 * Makes sure before an update that its state can be written, and keeps a little room back.
 * @throws InstallerError DISK_FULL
 */
export async function checkRoom(folder: ClusterFolder): Promise<void> {
  await freeReserve(folder);
  const { bavail, bsize, files, ffree } = await statfs(folder.own);
  const free = Math.floor((bavail * bsize) / MIB);
  const advice = `Free space there (\`df -h ${folder.own}\`); nothing was changed.`;
  if (free < LEAST_ROOM_MIB)
    throw new InstallerError("DISK_FULL", `${free} MiB are free for ${folder.own}, and an update needs ${LEAST_ROOM_MIB}`, {
      value: folder.own,
      advice,
    });
  if (files > 0 && ffree < 100)
    throw new InstallerError("DISK_FULL", `${ffree} more files can be created in ${folder.own}`, { value: folder.own, advice });
  await writeFileAtomic(reserveOf(folder), Buffer.alloc(RESERVE_BYTES));
}

export const freeReserve = (folder: ClusterFolder): Promise<void> => rm(reserveOf(folder), { recursive: true, force: true });
