/** The id under which something is asked for: the same again while it is the same thing. */
export interface RequestIds {
  idOf(wanted: unknown): string;
  /** It was done: the same once more is another request. */
  done(): void;
}

/**
 * What is tried again after an answer was lost must not be placed twice, and what was changed
 * meanwhile must not be answered with what it was before.
 */
export function createRequestIds(newId: () => string): RequestIds {
  let held: { wanted: string; id: string } | null = null;
  return {
    idOf(wanted) {
      const text = JSON.stringify(wanted);
      if (held?.wanted !== text) held = { wanted: text, id: newId() };
      return held.id;
    },
    done: () => (held = null),
  };
}
