import { linesWhere, type FileRule } from './source-file';

/** Brokers that are plugins, with how they are spelt beside plain; a new one is added here. */
const brokers = new Map([
  ['dhan', ['dhanhq']],
  ['upstox', []],
  ['openalgo', ['openAlgo', 'OpenAlgo']],
]);

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
  const strangers = [...brokers].filter(([name]) => !isAtHome(name, file.path));
  if (strangers.length === 0) return [];
  const spellings = strangers.flatMap(([name, others]) => [name, ...others].flatMap(casesOf));
  const pattern = new RegExp(spellings.map(asPart).join('|'));
  return linesWhere(file, (line) => {
    const found = pattern.exec(line)?.[0];
    return found === undefined ? undefined : `names ${found}: only its own library may`;
  });
};

function casesOf(name: string): string[] {
  const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [...new Set([name, capital, name.toUpperCase()])];
}

/**
 * A whole word, or a whole part of an identifier: `dhanUrl`, `createDhan`, `DHAN_URL`, and neither
 * a share's symbol nor a name that merely has the letters in it.
 */
function asPart(spelling: string): string {
  if (spelling === spelling.toUpperCase()) return `(?<![A-Z])${spelling}(?![A-Z])`;
  const isCapital = spelling.charAt(0) !== spelling.charAt(0).toLowerCase();
  return `${isCapital ? '' : '(?<![A-Za-z])'}${spelling}(?![a-z])`;
}

function isAtHome(name: string, path: string): boolean {
  const homes = [`libs/broker-${name}/`, `libs/simulator/src/${name}/`];
  // Here the simulator lists its faces.
  const listsFaces = /^libs\/simulator\/src\/(index|simulator)\.ts$/.test(path);
  return listsFaces || homes.some((home) => path.startsWith(home));
}
