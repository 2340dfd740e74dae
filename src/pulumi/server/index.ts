export { startProviderServer } from "./server.ts";
