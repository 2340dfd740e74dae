import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** What each folder may not use, and what it uses instead. Rules that name another folder's job live in .dependency-cruiser.mjs. */
const ZX = { name: "zx", message: "zx is for tools and test helpers; src uses src/exec." };
const EXECA = { name: "execa", message: "Only src/exec starts processes; call run() or take a Runner." };
const CHILD_PROCESS = { regex: "^(node:)?child_process$", message: EXECA.message };
const FILE_SYSTEM = { regex: "^(node:)?fs(/promises)?$", message: "Pure core: take file contents as arguments; only a loader reads files." };

const PRINTS = { selector: "CallExpression[callee.object.name='console']", message: "Only src/cli prints; emit an event to the Reporter." };
const STREAMS = { selector: "MemberExpression[object.name='process'][property.name=/^(stdout|stderr|stdin)$/]", message: PRINTS.message };
const EXITS = {
  selector: "MemberExpression[object.name='process'][property.name=/^(exit|exitCode|abort)$/]",
  message: "Only src/cli ends the process; throw an InstallerError.",
};
const CLOCK = { selector: "MemberExpression[object.name='Date'][property.name='now']", message: "Pure core: take a Clock or a Date." };
const NEW_DATE = { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK.message };
const RANDOM = {
  selector: "MemberExpression[object.name='Math'][property.name='random']",
  message: "Take an Entropy; Math.random cannot be reproduced and is no secret.",
};
const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env'], VariableDeclarator[init.name='process'] Property[key.name='env']",
  message: "Take an Environment; only the entries of programs call systemEnvironment().",
};
const ENUM = { selector: "TSEnumDeclaration", message: "Node strips types only: use a union of literals." };
const PARAMETER_PROPERTY = { selector: "TSParameterProperty", message: "Node strips types only: declare and assign the field." };
const NAMESPACE = { selector: "TSModuleDeclaration[declare!=true]", message: "Node strips types only: use a module." };
const SHELL = { selector: "Property[key.name='shell'][value.value!=false]", message: "Arguments are an array; there is never a shell." };

/** In tests: what shall happen is polled for, with a limit that a busy host has no part in. */
const POLLS = ["expect.poll", "vi.waitFor", "vi.waitUntil"].flatMap((name) => {
  const [object, property] = name.split(".");
  const call = `CallExpression[callee.object.name='${object}'][callee.property.name='${property}']`;
  const message = `${name} gives up after a second unless it is given a timeout: a minute or more.`;
  return [`${call}[arguments.length<2]`, `${call} > ObjectExpression.arguments:not(:has(> Property[key.name='timeout']))`].map((selector) => ({
    selector,
    message,
  }));
});
const PAUSES = [
  "AwaitExpression > CallExpression[callee.name=/^(delay|sleep|setTimeout)$/] > Literal.arguments[value>=1000]",
  "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout'] > Literal.arguments[value>=1000]",
].map((selector) => ({ selector, message: "Poll for what shall happen; before a look whether something has not, call quiet() of test/helpers." }));

const EVERYWHERE = [ENUM, PARAMETER_PROPERTY, NAMESPACE];
const IN_SRC = [...EVERYWHERE, RANDOM, SHELL, ENVIRONMENT];
const BELOW_CLI = [...IN_SRC, PRINTS, STREAMS, EXITS];

const imports = (paths, patterns = []) => ["error", { paths, patterns }];
const syntax = (bans) => ["error", ...bans];

export default defineConfig(
  { ignores: ["node_modules/**", "clusters/**", "coverage/**", "test/**/fixtures/**", "templates/**", "setup/go/**", "tools/go/**"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Each of these has been a real bug in an installer somewhere; none is about style.
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "@typescript-eslint/use-unknown-in-catch-callback-variable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unsafe-assignment": "error",
      "@typescript-eslint/no-unsafe-call": "error",
      "@typescript-eslint/no-unsafe-return": "error",
      "@typescript-eslint/no-unsafe-argument": "error",
      "@typescript-eslint/no-base-to-string": "error",
      "@typescript-eslint/restrict-plus-operands": "error",
      "@typescript-eslint/require-array-sort-compare": ["error", { ignoreStringArrays: true }],
      "@typescript-eslint/no-misused-spread": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-deprecated": "error",
      "@typescript-eslint/ban-ts-comment": "error",
      "no-unsafe-finally": "error",
      eqeqeq: "error",
      "no-restricted-syntax": syntax(EVERYWHERE),
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "no-restricted-imports": imports([ZX, EXECA], [CHILD_PROCESS]),
      "no-restricted-syntax": syntax(BELOW_CLI),
    },
  },
  { files: ["src/exec/**/*.ts"], rules: { "no-restricted-imports": imports([ZX]) } },
  { files: ["src/cli/**/*.ts"], rules: { "no-restricted-syntax": syntax(IN_SRC) } },
  {
    // The one place that reads it; tools/source-rules.ts knows who may ask.
    files: ["src/util/environment.ts"],
    rules: { "no-restricted-syntax": syntax(BELOW_CLI.filter((ban) => ban !== ENVIRONMENT)) },
  },
  {
    // The engine reads the plugin's port from its standard output.
    files: ["src/plugin/main.ts"],
    rules: { "no-restricted-syntax": syntax(IN_SRC) },
  },
  {
    files: ["src/config/**/*.ts", "src/assets/**/*.ts"],
    rules: {
      "no-restricted-imports": imports([ZX, EXECA], [CHILD_PROCESS, FILE_SYSTEM]),
      "no-restricted-syntax": syntax([...BELOW_CLI, CLOCK, NEW_DATE]),
    },
  },
  {
    // The only doors of the pure core to the disk.
    files: ["src/config/load/**/*.ts", "src/config/load.ts", "src/assets/**/load*.ts", "src/assets/templates.ts"],
    rules: { "no-restricted-imports": imports([ZX, EXECA], [CHILD_PROCESS]) },
  },
  {
    // Matchers and recorded output are untyped by nature.
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-unsafe-assignment": "off", "no-restricted-syntax": syntax([...EVERYWHERE, ...POLLS, ...PAUSES]) },
  },
);
