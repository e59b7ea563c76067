import { linesWhere, type FileRule } from './source-file';

/** Brokers that are plugins; a new one is added here. */
const brokers = ['dhan', 'upstox', 'openalgo'];

/** Where any broker may be named: lists, texts, tests and what starts the simulator. */
const everywhere = [
  /^docs\//,
  /\.md$/,
  /^tests\//,
  /^apps\/api\/src\/plugins\.ts$/,
  /^apps\/[^/]+\/src\/environment(\.spec)?\.ts$/,
  /^apps\/market-simulator\//,
  /^tools\/(start|tidy|lint)\//,
  /(^|\/)package(-lock)?\.json$/,
  /^compose\.yaml$/,
];

/**
 * A broker is named in its own library and its face of the simulator only. What others need of
 * it, the plugin declares as data: so a broker is added or removed without touching them.
 */
export const brokerNames: FileRule = (file) => {
  if (everywhere.some((pattern) => pattern.test(file.path))) return [];
  const strangers = brokers.filter((name) => !isAtHome(name, file.path));
  if (strangers.length === 0) return [];
  const pattern = new RegExp(strangers.join('|'), 'i');
  return linesWhere(file, (line) => {
    const found = pattern.exec(line)?.[0];
    return found === undefined ? undefined : `names ${found}: only its own library may`;
  });
};

function isAtHome(name: string, path: string): boolean {
  const homes = [`libs/broker-${name}/`, `libs/simulator/src/${name}/`];
  // Here the simulator lists its faces.
  const listsFaces = /^libs\/simulator\/src\/(index|simulator)\.ts$/.test(path);
  return listsFaces || homes.some((home) => path.startsWith(home));
}
