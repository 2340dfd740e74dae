import { choice, object, text } from "../../fields/field.ts";

export const externalSchema = object(
  {
    platformName: text("Name of the infrastructure.", { defaultText: "Unknown, which the cluster's API says" }),
    cloudControllerManager: choice(["", "External"], "Whether your own cloud controller manager will run.", { default: "", lenientWords: true }),
  },
  "Your own machines on an infrastructure that brings its own integration.",
);
