/** The name in `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`; a name may hold `::` itself. */
export const nameOfUrn = (urn: string): string => urn.split("::").slice(3).join("::");

/** The type token in a URN, without those of its parents. */
export const typeOfUrn = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
