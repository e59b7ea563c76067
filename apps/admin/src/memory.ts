/** What a browser remembers between two visits. */
export interface Memory {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

/** Remembers in `storage` under keys that begin with `strikewire.`. */
export function createMemory(storage: () => Storage): Memory {
  return {
    get(key) {
      try {
        return storage().getItem(`strikewire.${key}`);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        storage().setItem(`strikewire.${key}`, value);
      } catch {
        // Forbidden or full: the choice lasts as long as the page.
      }
    },
  };
}
