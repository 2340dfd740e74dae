import { Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { cliPage, commandPaths } from "../../../tools/reference/cli.ts";

function program(): Command {
  const root = new Command("tool").description("Does things").option("--quiet", "says nothing");
  const destroy = root.command("destroy").description("Takes down");
  destroy
    .command("cluster")
    .helpGroup("End:")
    .description("Removes the cluster")
    .option("--dry-run", "only shows", false)
    .option("--quiet", "says nothing")
    .addOption(new Option("--secret").hideHelp());
  destroy.command("bootstrap").description("Removes the bootstrap machine");
  root
    .command("validate")
    .argument("[files...]", "what to read")
    .addOption(new Option("--output <format>", "form of the result").choices(["text", "json"]).default("text"))
    .description("Checks files");
  return root;
}

describe("cliPage", () => {
  const page = cliPage(program());

  it("has a section for every command that can be run", () => {
    expect(commandPaths(program())).toEqual(["destroy cluster", "destroy bootstrap", "validate"]);
    expect(page).toContain("\n## destroy cluster\n\n`destroy cluster [OPTIONS]`\n\nRemoves the cluster.");
    expect(page).toContain("| [`destroy cluster`](#destroy-cluster) | Removes the cluster. | End |");
    expect(page).not.toContain("\n## destroy\n");
  });

  it("tells arguments, choices and defaults, and leaves hidden options out", () => {
    expect(page).toContain("`validate [files...] [OPTIONS]`");
    expect(page).toContain("| `--output <format>` | form of the result; one of text, json; default text |");
    expect(page).toContain("| `--dry-run` | only shows |");
    expect(page).not.toContain("--secret");
  });

  it("shows what every command has only once", () => {
    expect(page.match(/--quiet/g)).toHaveLength(1);
    expect(page.indexOf("--quiet")).toBeLessThan(page.indexOf("## destroy cluster"));
  });

  it("shows the example of a command that has one", () => {
    expect(cliPage(program(), new Map([["validate", "tool validate a.yaml"]]))).toContain("\n\nExample: `tool validate a.yaml`\n");
    expect(page).not.toContain("Example:");
  });

  it("refuses an empty program", () => {
    expect(() => cliPage(new Command("tool"))).toThrow("no commands");
  });
});
