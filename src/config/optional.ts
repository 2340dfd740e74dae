/** A key with its value, or none: for objects in which an absent key is not one of undefined. */
export function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

/** OpenShift takes an empty list, and an empty text, for one that was not given. */
export const filled = <T>(list: T[] | undefined): T[] | undefined => (list === undefined || list.length === 0 ? undefined : list);
export const notEmpty = (text: string | undefined): string | undefined => (text === "" ? undefined : text);
