import { registerHooks } from "node:module";

/** `node --import`: the program's two lists of platforms become the ones beside this file, which add the fake platform. */
const LISTS: readonly (readonly [end: string, file: string])[] = [
  ["/src/config/platforms/supported.ts", "./supported-config.ts"],
  ["/src/providers/supported.ts", "./supported-platforms.ts"],
];

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    const list = LISTS.find(([end]) => found.url.endsWith(end));
    // What adds to a list has to read it first.
    return list === undefined || context.parentURL?.includes("/fake-platform/") === true
      ? found
      : { ...found, url: new URL(list[1], import.meta.url).href };
  },
});
