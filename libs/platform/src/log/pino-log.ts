import type { Log } from '@strikewire/runtime';
import { pino, type Logger } from 'pino';

/** Names under which secrets travel; their values print as `***` at any depth. */
const secretNames = [
  'password',
  'passwd',
  'secret',
  'pin',
  'totp',
  'cookie',
  'set-cookie',
  'authorization',
  'api[-_]?key',
  '(?:access|refresh|auth)?[-_]?token',
];
const secretName = new RegExp(`^(?:${secretNames.join('|')})$`, 'i');
/** Facts are flat or nearly so; what lies deeper than this is not printed. */
const depthMax = 6;

/** A token in an address, as brokers' feed URLs carry it. */
const tokenInUrl = /([?&](?:token|access_token|pin|totp)=)[^&\s"]+/gi;
/** A password in an address, as databases' URLs carry it. */
const passwordInUrl = /(:\/\/[^:/@\s]*:)[^@/\s]+(?=@)/g;
/** A JSON web token, wherever it stands. */
const webToken = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** Removes tokens and passwords from text. */
export function scrubText(text: string): string {
  return text
    .replace(tokenInUrl, '$1***')
    .replace(passwordInUrl, '$1***')
    .replace(webToken, '***');
}

/** Structured logs on standard output, one JSON object a line, with secrets redacted. */
export function createPinoLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const logger = destination ? pino(options, destination) : pino(options);
  return fromLogger(logger);
}

function fromLogger(logger: Logger): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, facts: Record<string, unknown> = {}): void => {
      logger[level](scrubFacts(facts), scrubText(message));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Facts with their secrets as `***`: by name at any depth, and tokens within texts. */
export function scrubFacts(facts: object, depth = 0): Record<string, unknown> {
  const entries = Object.entries(facts).map(([name, value]): [string, unknown] => [
    name,
    secretName.test(name) ? '***' : scrubValue(value, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function scrubValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > depthMax) return '…';
  if (value instanceof Error) return { name: value.name, message: scrubText(value.message) };
  if (Array.isArray(value)) return value.map((one) => scrubValue(one, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  return isPlain ? scrubFacts(value, depth) : value;
}
