export { kubernetesRenderer } from "./renderer.ts";
