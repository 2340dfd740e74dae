export interface Versions {
  readonly version: string;
  readonly node: string;
  /** `linux/x64` */
  readonly platform: string;
}

export const versionsText = ({ version, node, platform }: Versions): string => `virt-ipi ${version}\nnode ${node}\n${platform}`;
