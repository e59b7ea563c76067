import { errorMessageOf, type Http, type HttpRequest, type Log } from '@strikewire/runtime';
import { credentialFields } from '../core/credential-fields';
import type { AnyBrokerPlugin, BrokerDeps, BudgetSlot, RateGate } from '../core/plugin';

/** Shorter ones are found in any text by chance. */
const secretCharsMin = 6;
const textsMax = 10_000;
const causesMax = 5;

/** What is seen of a plugin while its cases run. */
export class Evidence {
  /** Messages of errors and lines of the log, with where they came from. */
  readonly texts: string[] = [];
  readonly slots: BudgetSlot[] = [];
  /** Requests with a secret in them that were not sent through the gate. */
  readonly ungated: string[] = [];
  /** Requests without limits of time or size, or with absurd ones. */
  readonly unbounded: string[] = [];
  requests = 0;
  private running = 0;
  private readonly secrets = new Set<string>();
  private readonly secretFields: readonly string[];

  constructor(plugin: AnyBrokerPlugin) {
    this.secretFields = secretFieldsOf(plugin);
  }

  /** From now on these may be in no text. */
  addSecretsOf(credentials: Readonly<Record<string, string>>): void {
    for (const name of this.secretFields) {
      const value = credentials[name] ?? '';
      if (value.length >= secretCharsMin) this.secrets.add(value);
    }
  }

  /** What the plugin gets in the place of the harness's own. */
  watch(deps: BrokerDeps): BrokerDeps {
    const { http, log, gate } = deps;
    return { ...deps, http: this.http(http), log: this.log(log), gate: this.gate(gate) };
  }

  noteError(error: unknown): void {
    let one = error;
    for (let depth = 0; one !== undefined && one !== null && depth < causesMax; depth++) {
      const { details, cause } = one as { details?: unknown; cause?: unknown };
      this.noteText(`error: ${errorMessageOf(one)} ${JSON.stringify(details) ?? ''}`);
      one = cause;
    }
  }

  /** Texts that have a secret in them, with the secret left out. */
  leaks(): string[] {
    const all = [...this.secrets];
    return this.texts
      .filter((text) => all.some((secret) => holds(text, secret)))
      .map((text) => all.reduce((left, secret) => left.replaceAll(secret, '***'), text));
  }

  /** A text of the plugin that anybody may see. */
  noteText(text: string): void {
    if (this.texts.length < textsMax) this.texts.push(text);
  }

  private http(inner: Http): Http {
    return {
      send: (request) => {
        this.noteRequest(request);
        return inner.send(request);
      },
      stream: (request) => {
        this.noteRequest(request);
        return inner.stream(request);
      },
    };
  }

  private noteRequest({ method, url, headers, body, timeoutMs, bytesMax }: HttpRequest): void {
    this.requests++;
    const { host, pathname } = new URL(url);
    const name = `${method} ${host}${pathname}`;
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    const whole = `${url} ${JSON.stringify(headers ?? {})} ${text}`;
    const hasSecret = [...this.secrets].some((secret) => holds(whole, secret));
    if (hasSecret && this.running === 0) this.ungated.push(name);
    const isBounded = timeoutMs > 0 && timeoutMs <= 300_000 && bytesMax > 0 && bytesMax <= 2 ** 30;
    if (!isBounded) this.unbounded.push(`${name} (${timeoutMs} ms, ${bytesMax} bytes)`);
  }

  private gate(inner: RateGate): RateGate {
    return {
      run: (slot, send) => {
        this.slots.push(slot);
        return inner.run(slot, async () => {
          this.running++;
          try {
            return await send();
          } finally {
            this.running--;
          }
        });
      },
    };
  }

  private log(inner: Log): Log {
    const watched = (level: keyof Log) => (message: string, facts?: Record<string, unknown>) => {
      this.noteText(`log: ${message} ${JSON.stringify(facts) ?? ''}`);
      inner[level](message, facts);
    };
    return {
      debug: watched('debug'),
      info: watched('info'),
      warn: watched('warn'),
      error: watched('error'),
    };
  }
}

function holds(text: string, secret: string): boolean {
  return text.includes(secret) || text.includes(encodeURIComponent(secret));
}

/** None where the form itself is not fit: a case of its own says so. */
function secretFieldsOf(plugin: AnyBrokerPlugin): string[] {
  try {
    return credentialFields(plugin).filter(({ secret }) => secret).map(({ name }) => name);
  } catch {
    return [];
  }
}
