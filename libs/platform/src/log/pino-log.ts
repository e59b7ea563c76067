import type { Log } from '@strikewire/runtime';
import { pino, type Logger } from 'pino';

/** Names under which secrets travel; their values print as `***` at any of these depths. */
const secretNames = ['password', 'accessToken', 'access-token', 'token', 'authorization', 'cookie'];
const secretPaths = secretNames.flatMap((name) =>
  ['', '*.', '*.*.'].map((depth) => `${depth}["${name}"]`.replace('.[', '[')),
);

/** A token in an address, as brokers' feed URLs carry it. */
const tokenInUrl = /([?&](?:token|access_token|pin|totp)=)[^&\s"]+/gi;

/** Removes tokens from text that may hold an address. */
export function scrubText(text: string): string {
  return text.replace(tokenInUrl, '$1***');
}

/** Structured logs on standard output, one JSON object a line, with secrets redacted. */
export function createPinoLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretPaths, censor: '***' },
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

function scrubFacts(facts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' ? scrubText(value) : value,
    ]),
  );
}
