import { InstallerError } from "../../src/errors/index.ts";
import type { Runner, RunResult } from "../../src/exec/index.ts";
import { readFileSync } from "node:fs";
import { find, findAll, parseXml, textOf } from "../../src/providers/kvm/xml/parse-xml.ts";
import { element, renderXml, type XmlElement } from "../../src/providers/kvm/xml/xml.ts";

/**
 * @plays libvirt, for hundreds of machines
 * @contract the commands, outputs and refusals that test/integration/machines/played-libvirt.test.ts compares with a real one
 * @because any order of what may happen to hundreds of machines, in seconds
 * @real test/integration/kvm, test/integration/machines/kvm-controllers.test.ts
 */

/**
 * Plays virsh, and libvirt behind it, for one or more hosts: domains, networks and pools in memory.
 *
 * Contract, which test/integration/machines/played-libvirt.test.ts compares with a real libvirt: the commands that src/providers/kvm uses for machines,
 * what they print, and these refusals, by their words: nothing of that name; a name or a UUID that is taken; a domain that is not running, or runs
 * already, or starts without its disk, Ignition or network; a second DNS record of an address; a second reservation of an address, name or MAC address;
 * an entry that is not there. Several commands of one virsh all run, and its exit code is the last one's. It has no storage behind its volumes,
 * no guests, and no locks: one command happens as a whole.
 */
export class PlayedLibvirt {
  readonly hosts = new Map<string, PlayedHost>();
  /** Waited for before each virsh, so that a test decides who is next. */
  schedule: () => Promise<unknown> = () => Promise.resolve();

  host(uri: string): PlayedHost {
    const host = this.hosts.get(uri) ?? new PlayedHost();
    this.hosts.set(uri, host);
    return host;
  }

  readonly run: Runner = async (_program, args) => {
    await this.schedule();
    const [, , uri = "", ...words] = args;
    const host = this.hosts.get(uri);
    if (host?.up !== true) throw failed(["failed to connect to the hypervisor", `Failed to connect socket to '${uri}': Connection refused`]);
    const commands = words.length === 1 && words[0]?.includes("'") === true ? unquoted(words[0]) : [words];
    let stdout = "";
    const errors: string[] = [];
    let ended = 0;
    for (const command of commands) {
      try {
        stdout += `${host.virsh(command)}\n\n`;
        ended = 0;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        errors.push(...error.lines);
        ended = 1;
      }
    }
    if (ended !== 0) throw failed(errors);
    return { stdout, stderr: errors.map((line) => `error: ${line}\n`).join(""), exitCode: 0 } satisfies RunResult;
  };
}

class Refusal extends Error {
  readonly lines: readonly string[];
  constructor(...lines: readonly string[]) {
    super(lines.join("; "));
    this.lines = lines;
  }
}

const failed = (lines: readonly string[]): InstallerError =>
  new InstallerError("EXEC_FAILED", `virsh failed: ${lines.map((line) => `error: ${line}`).join("\n")}`);

/** Commands of `'a' 'b'; 'c'`, where a quote in a word is written `'\''`. */
const unquoted = (line: string): readonly (readonly string[])[] =>
  line.split("; ").map((command) => [...command.matchAll(/'((?:[^']|'\\'')*)'/g)].map(([, word = ""]) => word.replaceAll(String.raw`'\''`, "'")));

interface Domain {
  readonly uuid: string;
  name: string;
  xml: XmlElement;
  running: boolean;
}

interface Volume {
  readonly xml: XmlElement;
  content: string;
}

export class PlayedHost {
  up = true;
  totalMB = 65_536;
  readonly domains = new Map<string, Domain>();
  readonly pools = new Map<string, Map<string, Volume>>();
  readonly networks = new Map<string, { kept: XmlElement; live: XmlElement; active: boolean }>();
  /** Folders of pools. */
  readonly #paths = new Map<string, string>();
  /** Each change, for whoever counts. */
  readonly changes: string[] = [];

  makeNetwork(xml: string): void {
    const kept = parseXml(xml);
    this.networks.set(textOf(find(kept, "name")), { kept, live: kept, active: true });
  }

  makePool(name: string, volumes: readonly { readonly name: string; readonly capacity: number }[], path = `/pools/${name}`): void {
    this.#paths.set(name, path);
    const made = volumes.map(({ name: volume, capacity }) => {
      const xml = element(
        "volume",
        {},
        element("name", {}, volume),
        element("capacity", {}, String(capacity)),
        element("target", {}, element("format", { type: "qcow2" })),
      );
      return [volume, { xml, content: "" }] as const;
    });
    this.pools.set(name, new Map(made));
  }

  virsh([command = "", ...words]: readonly string[]): string {
    const options = new Map(words.flatMap((word, index) => (word.startsWith("--") ? [[word, words[index + 1] ?? ""] as const] : [])));
    const text = (name: string): string => options.get(name) ?? "";
    const play = this.#commands[command];
    if (play === undefined) throw new Error(`the played libvirt knows no ${command}`);
    if (CHANGES.has(command)) this.changes.push(`${command} ${words.filter((word) => !word.startsWith("/tmp/")).join(" ")}`);
    return play(text, (name) => options.has(name));
  }

  readonly #commands: Readonly<Record<string, (text: (name: string) => string, has: (name: string) => boolean) => string>> = {
    nodememstats: () => `total  : ${this.totalMB * 1024} KiB\nfree   : ${this.#freeMB() * 1024} KiB\nbuffers: 0 KiB\ncached : 0 KiB`,
    domstats: () =>
      [...this.domains.values()]
        .flatMap((domain) => (domain.running ? [`Domain: '${domain.name}'`, `  balloon.maximum=${memoryOf(domain) * 1024}`] : []))
        .join("\n"),
    domcapabilities: () => "<domainCapabilities/>",
    capabilities: () => "<capabilities/>",
    "cpu-baseline": () => "<cpu><feature name='svm'/></cpu>",
    domifaddr: () => "",
    list: (_text, has) =>
      [...this.domains.values()]
        .filter(({ running }) => running || has("--all"))
        .map(({ name, uuid }) => (has("--uuid") ? uuid : name))
        .join("\n"),
    dumpxml: (text) => renderXml(this.#domain(text("--domain")).xml),
    domstate: (text) => (this.#domain(text("--domain")).running ? "running" : "shut off"),
    define: (text) => this.#define(text("--file")),
    start: (text) => this.#start(text("--domain")),
    destroy: (text) => {
      const domain = this.#domain(text("--domain"));
      if (!domain.running)
        throw new Refusal(`Failed to destroy domain '${text("--domain")}'`, "Requested operation is not valid: domain is not running");
      domain.running = false;
      return "";
    },
    undefine: (text) => {
      const domain = this.#domain(text("--domain"));
      if (domain.running) throw new Error("a domain that runs is undefined: it would go on without a description");
      this.domains.delete(domain.uuid);
      return "";
    },
    metadata: (text) => {
      const domain = this.#domain(text("--domain"));
      const set = parseXml(text("--set"));
      const mark = { ...set, name: `${text("--key")}:${set.name}`, attributes: { [`xmlns:${text("--key")}`]: text("--uri"), ...set.attributes } };
      const others = find(domain.xml, "metadata")?.children.filter((child) => typeof child === "string" || child.name !== mark.name) ?? [];
      const metadata = element("metadata", {}, ...others, mark);
      domain.xml = {
        ...domain.xml,
        children: domain.xml.children.map((child) => (typeof child !== "string" && child.name === "metadata" ? metadata : child)),
      };
      return "";
    },
    "net-dumpxml": (text, has) => renderXml(has("--inactive") ? this.#network(text("--network")).kept : this.#network(text("--network")).live),
    "net-info": (text) => `Name:           ${text("--network")}\nActive:         ${this.#network(text("--network")).active ? "yes" : "no"}`,
    "net-dhcp-leases": (text) => (this.#network(text("--network")), ""),
    "net-update": (text, has) => {
      const network = this.#network(text("--network"));
      const entry = parseXml(readFileSync(text("--xml"), "utf8"));
      const change = (document: XmlElement): XmlElement => updated(document, text("--section"), text("--command"), entry);
      const [kept, live] = [has("--config") ? change(network.kept) : network.kept, has("--live") ? change(network.live) : network.live];
      Object.assign(network, { kept, live });
      return "";
    },
    "pool-dumpxml": (text) => {
      this.#pool(text("--pool"));
      return `<pool type='dir'><name>${text("--pool")}</name><uuid>u</uuid><available unit='bytes'>${2 ** 40}</available><target><path>${this.#paths.get(text("--pool"))}</path></target></pool>`;
    },
    "pool-refresh": (text) => (this.#pool(text("--pool")), ""),
    "vol-list": (text) => [...this.#pool(text("--pool")).keys()].map((name) => ` ${name}   ${this.#paths.get(text("--pool"))}/${name}`).join("\n"),
    "vol-dumpxml": (text) => {
      const { xml } = this.#volume(text("--pool"), text("--vol"));
      const format = find(xml, "target", "format");
      const target = element("target", {}, element("path", {}, `${this.#paths.get(text("--pool"))}/${text("--vol")}`), format);
      return renderXml({ ...xml, children: [...xml.children.filter((child) => typeof child === "string" || child.name !== "target"), target] });
    },
    "vol-create": (text) => {
      const xml = parseXml(readFileSync(text("--file"), "utf8"));
      const name = textOf(find(xml, "name"));
      const pool = this.#pool(text("--pool"));
      if (pool.has(name)) throw new Refusal(`Failed to create vol from ${text("--file")}`, `storage volume '${name}' exists already`);
      pool.set(name, { xml, content: "" });
      return "";
    },
    "vol-upload": (text) => {
      this.#volume(text("--pool"), text("--vol")).content = readFileSync(text("--file"), "utf8");
      return "";
    },
    "vol-delete": (text) => {
      this.#volume(text("--pool"), text("--vol"));
      this.#pool(text("--pool")).delete(text("--vol"));
      return "";
    },
    "vol-pool": (text) => {
      const pool = this.#poolOf(text("--vol"));
      if (pool === undefined)
        throw new Refusal(`failed to get vol '${text("--vol")}'`, `Storage volume not found: no storage vol with matching path '${text("--vol")}'`);
      return pool;
    },
  };

  /** The pool that has a volume at this path. */
  #poolOf(path: string): string | undefined {
    const at = path.lastIndexOf("/");
    return [...this.#paths].find(([name, folder]) => folder === path.slice(0, at) && this.pools.get(name)?.has(path.slice(at + 1)) === true)?.[0];
  }

  #freeMB(): number {
    return this.totalMB - [...this.domains.values()].reduce((sum, domain) => sum + (domain.running ? memoryOf(domain) : 0), 0);
  }

  #domain(nameOrUuid: string): Domain {
    const found = this.domains.get(nameOrUuid) ?? [...this.domains.values()].find(({ name }) => name === nameOrUuid);
    if (found === undefined) throw new Refusal(`failed to get domain '${nameOrUuid}'`);
    return found;
  }

  #define(file: string): string {
    const xml = parseXml(readFileSync(file, "utf8"));
    const [name, uuid] = [textOf(find(xml, "name")), textOf(find(xml, "uuid"))];
    const byName = [...this.domains.values()].find((domain) => domain.name === name);
    if (byName !== undefined && byName.uuid !== uuid)
      throw new Refusal(`Failed to define domain from ${file}`, `operation failed: domain '${name}' already exists with uuid ${byName.uuid}`);
    const byUuid = this.domains.get(uuid);
    if (byUuid !== undefined && byUuid.name !== name)
      throw new Refusal(`Failed to define domain from ${file}`, `operation failed: domain '${byUuid.name}' is already defined with uuid ${uuid}`);
    this.domains.set(uuid, { uuid, name, xml, running: byUuid?.running ?? false });
    return "";
  }

  #start(given: string): string {
    const domain = this.#domain(given);
    if (domain.running) throw new Refusal(`Failed to start domain '${given}'`, "Domain is already active");
    const files = [...findAll(domain.xml, "devices", "disk", "source"), ...findAll(domain.xml, "sysinfo", "entry")].flatMap(
      ({ attributes }) => attributes["file"] ?? [],
    );
    for (const file of files) {
      if (this.#poolOf(file) === undefined)
        throw new Refusal(`Failed to start domain '${given}'`, `Cannot access storage file '${file}': No such file or directory`);
    }
    const network = find(domain.xml, "devices", "interface", "source")?.attributes["network"];
    if (network !== undefined && this.networks.get(network)?.active !== true)
      throw new Refusal(`Failed to start domain '${given}'`, `Network not found: no network with matching name '${network}'`);
    domain.running = true;
    return "";
  }

  #network(name: string): { kept: XmlElement; live: XmlElement; active: boolean } {
    const found = this.networks.get(name);
    if (found === undefined) throw new Refusal(`failed to get network '${name}'`, `Network not found: no network with matching name '${name}'`);
    return found;
  }

  #pool(name: string): Map<string, Volume> {
    const found = this.pools.get(name);
    if (found === undefined)
      throw new Refusal(`failed to get pool '${name}'`, `Storage pool not found: no storage pool with matching name '${name}'`);
    return found;
  }

  #volume(pool: string, name: string): Volume {
    const found = this.#pool(pool).get(name);
    if (found === undefined)
      throw new Refusal(`failed to get vol '${name}'`, `Storage volume not found: no storage vol with matching path '${name}'`);
    return found;
  }
}

/** Commands that change the world. */
const CHANGES = new Set(["define", "start", "destroy", "undefine", "metadata", "net-update", "vol-create", "vol-upload", "vol-delete"]);

const memoryOf = ({ xml }: Domain): number => Number(textOf(find(xml, "memory")));

/** A network document with an entry more or less. */
function updated(document: XmlElement, section: string, command: string, entry: XmlElement): XmlElement {
  const path = section === "dns-host" ? ["dns"] : ["ip", "dhcp"];
  const hosts = findAll(document, ...path, "host");
  const name = textOf(find(document, "name"));
  const same = hosts.find((host) => isSame(section, host, entry));
  if (command === "delete") {
    if (same === undefined)
      throw new Refusal(
        `Failed to update network ${name}`,
        `Requested operation is not valid: couldn't locate a matching ${section === "dns-host" ? `DNS HOST record in network ${name}` : `dhcp host entry in network '${name}'`}`,
      );
    return replaced(document, path, (children) => children.filter((child) => child !== same));
  }
  if (same !== undefined)
    throw new Refusal(
      `Failed to update network ${name}`,
      section === "dns-host"
        ? `Requested operation is not valid: there is already at least one DNS HOST record with a matching field in network ${name}`
        : `Requested operation is not valid: there is an existing dhcp host entry in network '${name}' that matches "${renderXml(entry).trim()}"`,
    );
  return replaced(document, path, (children) => [...children, entry]);
}

function isSame(section: string, a: XmlElement, b: XmlElement): boolean {
  const keys = section === "dns-host" ? ["ip"] : ["mac", "ip", "name"];
  return keys.some((key) => a.attributes[key] !== undefined && a.attributes[key] === b.attributes[key]);
}

function replaced(
  root: XmlElement,
  [name, ...rest]: readonly string[],
  change: (children: XmlElement["children"]) => XmlElement["children"],
): XmlElement {
  if (name === undefined) return { ...root, children: change(root.children) };
  return {
    ...root,
    children: root.children.map((child) => (typeof child !== "string" && child.name === name ? replaced(child, rest, change) : child)),
  };
}
