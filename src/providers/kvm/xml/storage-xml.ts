import { element, renderXml } from "./xml.ts";

/** A pool that is a folder. Mode 0711, so that the QEMU user can open a file it knows, but nobody can list the folder. */
export function poolXml(name: string, path: string): string {
  return renderXml(
    element(
      "pool",
      { type: "dir" },
      element("name", {}, name),
      element("target", {}, element("path", {}, path), element("permissions", {}, element("mode", {}, "0711"))),
    ),
  );
}

export interface VolumeDescription {
  readonly name: string;
  readonly format: "qcow2" | "raw";
  /** Bytes */
  readonly capacity: number;
  /** Absolute path of the qcow2 image that an overlay begins from. */
  readonly backingPath?: string | undefined;
}

/** A volume that only root and QEMU may read. Source: https://libvirt.org/formatstorage.html */
export function volumeXml(volume: VolumeDescription): string {
  return renderXml(
    element(
      "volume",
      {},
      element("name", {}, volume.name),
      element("capacity", { unit: "bytes" }, String(volume.capacity)),
      element("allocation", { unit: "bytes" }, "0"),
      element("target", {}, element("format", { type: volume.format }), element("permissions", {}, element("mode", {}, "0600"))),
      volume.backingPath !== undefined && element("backingStore", {}, element("path", {}, volume.backingPath), element("format", { type: "qcow2" })),
    ),
  );
}
