/** Package name of our resource provider: the first part of its tokens, and the end of its executable's name. */
export const PLUGIN_NAME = "virt-ipi";

/** Asked for by each of our resource classes, so that the engine never looks for a newest version elsewhere. Same as package.json's. */
export const PLUGIN_VERSION = "0.1.0";
