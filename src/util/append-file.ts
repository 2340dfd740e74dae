import { constants, open, type FileHandle } from "node:fs/promises";
import { InstallerError } from "../errors/index.ts";
import { SECRET_FILE_MODE } from "./files.ts";

/** Flags with which nothing but a regular file, or none yet, is opened to be appended to: a pipe without a reader would keep the run waiting. */
export const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Opens one of our files to append whole lines. A last line that a kill cut short gets its end first. @throws the file system's error, InstallerError FILE_UNWRITABLE */
export async function openForLines(path: string): Promise<FileHandle> {
  const file = await open(path, (APPEND & ~constants.O_WRONLY) | constants.O_RDWR, SECRET_FILE_MODE);
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new InstallerError("FILE_UNWRITABLE", `cannot write ${path}: it is a pipe or a device`, { value: path });
    if (facts.size > 0) {
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, facts.size - 1);
      if (buffer[0] !== 0x0a) await file.appendFile("\n");
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
