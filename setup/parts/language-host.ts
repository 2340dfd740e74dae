import { checkoutProgram } from "./checkout-program.ts";

/** Lets plain `pulumi up` run programs of runtime nodejs; the Automation API does without. */
export const languageHost = checkoutProgram({
  name: "pulumi-language-nodejs",
  version: "3.230.0",
  what: "Pulumi's language host for nodejs",
  main: "plugins/language-host/main.ts",
  register: "language-host.checkouts",
});
