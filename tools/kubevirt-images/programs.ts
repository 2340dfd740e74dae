import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { goBuild, goModuleFolder } from "../../setup/go-build.ts";
import type { PartContext } from "../../setup/part.ts";

const FOLDER = "tools/go/kubevirt-node";
const MODULE = "kubevirt.io/kubevirt";
const PROGRAMS = ["virt-handler", "virt-launcher", "virt-launcher-monitor", "virt-probe", "virt-freezer", "virt-tail", "virt-chroot"];
const LIBRARIES = "usr/lib/x86_64-linux-gnu";

/**
 * Compiles what runs on nodes and in the pods of virtual machines.
 * @param root with the headers of libvirt
 * @returns paths of the programs by name
 * @throws InstallerError SETUP_BUILD_FAILED, EXEC_FAILED
 */
export async function buildPrograms(
  context: PartContext,
  { work, root, ldflags }: { readonly work: string; readonly root: string; readonly ldflags: readonly string[] },
): Promise<Readonly<Record<string, string>>> {
  const to = join(work, "programs");
  const libraries = join(root, LIBRARIES);
  await mkdir(to);
  await goBuild(context, {
    folder: FOLDER,
    packages: PROGRAMS.map((name) => `${MODULE}/cmd/${name}`),
    // Go remembers what pkg-config said when it compiled libvirt's package, so the folder of today is given to the linker itself.
    ldflags: ["-s", "-w", ...ldflags, `-extldflags '-L${libraries} -Wl,-rpath-link,${libraries}'`].join(" "),
    to: `${to}/`,
    // By pkg-config alone: flags for all that is compiled would compile all of it in each new folder.
    cgo: { PKG_CONFIG_PATH: join(libraries, "pkgconfig"), PKG_CONFIG_SYSROOT_DIR: root },
  });
  // Copied into containers that have no library.
  const disk = join(to, "container-disk");
  const source = join(await moduleFolder(context), "cmd/container-disk-v2alpha/main.c");
  await context.run("gcc", ["-static", "-O2", "-o", disk, source], { signal: context.signal });
  return Object.fromEntries([...PROGRAMS, "container-disk"].map((name) => [name, join(to, name)]));
}

/** The sources of KubeVirt. */
export const moduleFolder = (context: PartContext): Promise<string> => goModuleFolder(context, FOLDER, MODULE);
