import { readKvmConsole } from "./kvm/console.ts";
import type { Platform, PlatformMetadata } from "./platform.ts";

type Reader = NonNullable<Platform["consoleOf"]>;

/** How a console is read, by platform. Apart from the platforms' registry, so that the plugin need not load their Pulumi programs. */
const READERS: ReadonlyMap<string, Reader> = new Map([["kvm", readKvmConsole]]);

/** A machine's console text, or undefined if there is none or the platform has no consoles. */
export async function readConsole(machine: string, metadata: PlatformMetadata, context: Parameters<Reader>[2]): Promise<string | undefined> {
  return await READERS.get(metadata.platform)?.(machine, metadata, context);
}
