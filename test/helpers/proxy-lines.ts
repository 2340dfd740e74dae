/** The environment of the machines' services and of their manager, inside Ignition: a proxy is of no use there without its password. */
const PROXY_LINES = /^(?:DefaultEnvironment=")?HTTPS?_PROXY=.*$/gm;

export const withoutProxyLines = (text: string): string => text.replaceAll(PROXY_LINES, "");
