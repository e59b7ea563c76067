// @ts-check
// Many socket clients in a process of their own. Each notes, of every stream, the version it holds
// and every step that does not join up; nothing more, so that counting costs little.
import { WebSocket } from 'ws';

const openAtOnce = 50;
const magic = 0x31465753;
const place = '"stream":(\\d+),"generation":\\d+,"version":(\\d+)';
const stepPattern = new RegExp(`^\\{"type":"(snapshot|delta)"(?:,"previous":(\\d+))?,${place}`);

/**
 * @typedef {{ url: string, headers: Record<string, string>, count: number, encoding: string,
 *   chains: { underlying: string, expiry: string }[] }} Crowd
 */

class Client {
  /** @param {WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
    /** @type {Map<number, number>} */
    this.versions = new Map();
    this.snapshots = 0;
    this.faults = 0;
    this.frames = 0;
    /** @type {Map<number, number>} */
    this.spotMs = new Map();
    /** @type {number[]} */
    this.delays = [];
    /** @type {number | null} */
    this.closed = null;
    socket.on('message', (/** @type {Buffer} */ data, isBinary) => this.take(data, isBinary));
    socket.on('close', (code) => (this.closed = code));
    socket.on('error', () => undefined);
  }

  /** @param {Buffer} data @param {boolean} isBinary */
  take(data, isBinary) {
    if (isBinary) {
      if (data.readUInt32LE(0) !== magic) this.faults++;
      const isDelta = data[5] === 2;
      if (isDelta) this.time(data.readUInt32LE(8), data.readDoubleLE(56));
      return this.step(data.readUInt32LE(8), isDelta ? data.readUInt32LE(16) : null,
        data.readUInt32LE(20));
    }
    const [, type, previous, stream, version] = stepPattern.exec(data.toString()) ?? [];
    if (!type) return;
    this.step(Number(stream), type === 'delta' ? Number(previous) : null, Number(version));
  }

  /**
   * How long ago a spot was received that a frame is the first to tell.
   * @param {number} stream @param {number} spotMs
   */
  time(stream, spotMs) {
    if (this.spotMs.get(stream) !== spotMs) this.delays.push(Date.now() - spotMs);
    this.spotMs.set(stream, spotMs);
  }

  /** @param {number} stream @param {number | null} previous @param {number} version */
  step(stream, previous, version) {
    this.frames++;
    if (previous === null) this.snapshots++;
    else if (this.versions.get(stream) !== previous) this.faults++;
    this.versions.set(stream, version);
  }
}

/** @type {Client[]} */
const clients = [];

/** @param {Crowd} crowd */
async function open({ url, headers, count, encoding, chains }) {
  for (let done = 0; done < count; done += openAtOnce) {
    const some = Array.from({ length: Math.min(openAtOnce, count - done) }, () => {
      const socket = new WebSocket(url, { headers, perMessageDeflate: false });
      const client = new Client(socket);
      clients.push(client);
      return /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
        socket.once('error', reject);
        socket.once('open', () => {
          chains.forEach((chain, id) => socket.send(
            JSON.stringify({ type: 'subscribe', id, channel: 'chain', encoding, ...chain }),
          ));
          resolve();
        });
      }));
    });
    await Promise.all(some);
  }
}

/** What each client holds: versions in the order of their streams. */
function tally() {
  return clients.map(({ versions, snapshots, faults, frames, closed }) => ({
    versions: [...versions].sort(([a], [b]) => a - b).map(([, version]) => version),
    snapshots,
    faults,
    frames,
    closed,
  }));
}

/** @param {Client[]} some */
function takeDelays(some) {
  const delays = some.flatMap((client) => client.delays.splice(0)).sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => delays[Math.floor(delays.length * part)] ?? null;
  return { count: delays.length, p50: at(0.5), p99: at(0.99) };
}

process.on('message', async (/** @type {{ id: number, [key: string]: any }} */ message) => {
  const { id, what, from = 0, to = 0 } = message;
  let answer = null;
  if (what === 'open') await open(/** @type {any} */ (message));
  if (what === 'tally') answer = tally();
  if (what === 'delays') answer = takeDelays(clients.slice(from, to));
  for (const { socket, versions } of clients.slice(from, to)) {
    if (what === 'pause') socket.pause();
    if (what === 'resume') socket.resume();
    if (what !== 'resync' || socket.readyState !== socket.OPEN) continue;
    for (const stream of versions.keys()) socket.send(JSON.stringify({ type: 'resync', stream }));
  }
  process.send?.({ id, answer });
});
process.once('disconnect', () => process.exit(0));
