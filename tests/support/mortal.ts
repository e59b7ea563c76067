/**
 * The same object for a process that may end: once it has, its methods do nothing and never settle,
 * and what they were answering is not heard.
 */
export function mortal<T extends object>(inner: T, life: { isOver: boolean }): T {
  const never = new Promise<never>(() => undefined);
  return new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]): Promise<unknown> => {
        if (life.isOver) return never;
        try {
          const answer: unknown = await Reflect.apply(value, target, given);
          return life.isOver ? never : answer;
        } catch (error) {
          if (life.isOver) return never;
          throw error;
        }
      };
    },
  });
}
