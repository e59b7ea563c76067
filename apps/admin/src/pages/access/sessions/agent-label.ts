const browsers: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: readonly [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

const find = (list: readonly [RegExp, string][], agent: string): string | undefined =>
  list.find(([pattern]) => pattern.test(agent))?.[1];

/** What a program calls itself, shortened: `Chrome on Linux`; others by their first word. */
export function agentLabel(agent: string): string {
  const browser = find(browsers, agent);
  if (!browser) return agent.split(/[\s/]/, 1)[0]?.slice(0, 40) || 'unknown';
  const system = find(systems, agent);
  return system ? `${browser} on ${system}` : browser;
}
