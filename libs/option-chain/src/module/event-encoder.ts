/** A step of a stream as a server-sent event. */
export interface StreamEvent {
  type: string;
  /** What a client that has this event holds; null where the event is no version. */
  id: string | null;
  bytes: Buffer;
}

/** Type, generation and version stand at the head of what the hub sends, in this order. */
const headPattern =
  /^\{"type":"(\w+)"(?:,"(?:previous|stream)":\d+)*(?:,"generation":(\d+),"version":(\d+))?/;
/** Every leg that comes with its volatility and Greeks has this field. */
const derivedField = '"ivReason"';
/** The hub gives one text to all clients of a stream in turn, at most two of them alternating. */
const heldMax = 4;

/**
 * Makes events of a JSON stream's texts, each once for all clients: who gets the same text gets the
 * same bytes.
 */
export class EventEncoder {
  private readonly run: string;
  private readonly held: { text: string; event: StreamEvent }[] = [];

  /** `run` tells this run of the platform from others: versions start anew with each. */
  constructor(run: string) {
    this.run = run;
  }

  encode(chainKey: string, text: string): StreamEvent {
    const found = this.held.find((one) => one.text === text);
    if (found) return found.event;
    const [, type = 'message', generation, version] = headPattern.exec(text) ?? [];
    let id: string | null = null;
    if (generation && version) {
      // A version without the Greeks that belong to it is not held whole: `~` marks it.
      const isWhole = type === 'snapshot' || text.includes(derivedField);
      id = `${this.run}/${chainKey}/${generation}/${version}${isWhole ? '' : '~'}`;
    }
    const named = id === null ? '' : `id: ${id}\n`;
    const bytes = Buffer.from(`event: ${type}\n${named}data: ${text}\n\n`);
    const event = { type, id, bytes };
    this.held.unshift({ text, event });
    if (this.held.length > heldMax) this.held.pop();
    return event;
  }
}
