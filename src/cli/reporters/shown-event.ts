import type { InstallerEvent, ResultEvent } from "../../events/index.ts";

/** What reporters get: also the result, with the text of src/cli/render. */
export type ShownEvent = InstallerEvent | (ResultEvent & { readonly text: string });

export interface EventReporter {
  emit(event: ShownEvent): void;
}
