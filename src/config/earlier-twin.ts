/** For each item the first one before it with the same key; undefined where there is none. In one pass, since lists may be long. */
export function earlierTwins<T>(items: readonly T[], keyOf: (item: T) => string): readonly (T | undefined)[] {
  const first = new Map<string, T>();
  return items.map((item) => {
    const key = keyOf(item);
    const twin = first.get(key);
    if (twin === undefined) first.set(key, item);
    return twin;
  });
}
