/** What the guest below writes on its console. */
export const BOOT_SECTOR_TEXT = "virt-ipi boot sector: the guest is up";

const SIZE = 512;
const DISK_BYTES = 2 ** 20;
/** Where a BIOS loads it. */
const ORIGIN = 0x7c00;

/**
 * A guest of one sector: it writes a line on the first serial port, then halts. It shows in seconds, also in emulation inside an emulated
 * machine, that a virtual machine runs.
 * Source: Intel SDM (16-bit instructions), PC16550D data sheet (line status register at 0x3fd, bit 5: transmitter empty)
 */
export function bootSector(text = BOOT_SECTOR_TEXT): Buffer {
  const code = (message: number): readonly number[] => [
    ...[0x31, 0xc0], // xor ax, ax
    ...[0x8e, 0xd8], // mov ds, ax
    ...[0xbe, message & 0xff, message >> 8], // mov si, message
    ...[0xfc], // cld
    // next:
    ...[0xac], // lodsb
    ...[0x84, 0xc0], // test al, al
    ...[0x74, 0x11], // jz end
    ...[0x88, 0xc4], // mov ah, al
    ...[0xba, 0xfd, 0x03], // mov dx, 0x3fd
    // wait:
    ...[0xec], // in al, dx
    ...[0xa8, 0x20], // test al, 0x20
    ...[0x74, 0xfb], // jz wait
    ...[0xb2, 0xf8], // mov dl, 0xf8
    ...[0x88, 0xe0], // mov al, ah
    ...[0xee], // out dx, al
    ...[0xeb, 0xea], // jmp next
    // end:
    ...[0xfa], // cli
    ...[0xf4], // hlt
    ...[0xeb, 0xfc], // jmp end
  ];
  const length = code(0).length;
  const message = Buffer.from(`\r\n${text}\r\n\0`);
  if (length + message.length > SIZE - 2) throw new RangeError(`a text of ${message.length} bytes does not fit the sector`);
  const sector = Buffer.alloc(SIZE);
  sector.set(code(ORIGIN + length));
  message.copy(sector, length);
  sector.writeUInt16LE(0xaa55, SIZE - 2);
  return sector;
}

/** A disk of one MiB that begins with it. */
export const bootDisk = (): Buffer => Buffer.concat([bootSector(), Buffer.alloc(DISK_BYTES)], DISK_BYTES);
