export { openshiftRenderer } from "./renderer.ts";
