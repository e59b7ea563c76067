import { QuoteSession, QuoteStore } from '@strikewire/market-data';
import { createSeededRandom, errorMessageOf, type Random } from '@strikewire/runtime';
import type { FeedDecoder } from '../../core/feed-protocol';
import type { ConformanceBench } from '../bench';
import { defineCases } from '../case';
import { claim, claimNone } from '../claims';
import type { SeenFrame } from '../feed-watch';
import { marketRun } from '../market-run';

const randomFrames = 5_000;
const bytesMax = 400;
const seed = 0x5eed;
const anySlot = 0;

/** Group E, second half: the decoder bears whatever it is given, and tells how old a packet is. */
export const decoderCases = defineCases([
  {
    id: 'E14',
    title: 'random bytes: the decoder never throws, and brings nothing out of them',
    run(bench) {
      const random = createSeededRandom(seed);
      const { decoder, session } = bound(bench);
      for (let count = 0; count < randomFrames; count++) {
        const length = Math.floor(random.next() * bytesMax);
        const bytes = randomBytes(random, length);
        decodeSafely(decoder, { bytes, isBinary: random.next() < 0.5 });
      }
      const share = session.counters.applied / randomFrames;
      claim(share < 0.5, `${session.counters.applied} of ${randomFrames} became quotes`);
    },
  },
  {
    id: 'E15',
    title: 'random bytes: what is none of its packets is counted as malformed',
    run(bench) {
      const random = createSeededRandom(seed + 1);
      const { decoder } = bound(bench);
      for (let count = 0; count < 200; count++) {
        decodeSafely(decoder, { bytes: randomBytes(random, 1 + (count % 60)), isBinary: true });
      }
      claim(decoder.counters.malformed > 0, 'nothing was counted as malformed');
    },
  },
  {
    id: 'E16',
    title: 'real frames that are cut short: the decoder never throws',
    async run(bench) {
      const { frames } = await marketRun(bench);
      claim(frames.length > 0, 'no frame has been seen');
      const { decoder } = bound(bench);
      for (const { bytes, isBinary } of frames.slice(0, 40)) {
        for (let length = 0; length < bytes.length; length += 1 + (bytes.length >> 5)) {
          decodeSafely(decoder, { bytes: bytes.subarray(0, length), isBinary });
        }
      }
    },
  },
  {
    id: 'E17',
    title: 'real frames with wrong bits: the decoder never throws',
    async run(bench) {
      const { frames } = await marketRun(bench);
      claim(frames.length > 0, 'no frame has been seen');
      const random = createSeededRandom(seed + 2);
      const { decoder } = bound(bench);
      for (const { bytes, isBinary } of frames) {
        const spoilt = bytes.slice();
        for (let flips = 0; flips < 8 && spoilt.length > 0; flips++) {
          const at = Math.floor(random.next() * spoilt.length);
          spoilt[at] = Math.floor(random.next() * 256);
        }
        decodeSafely(decoder, { bytes: spoilt, isBinary });
      }
    },
  },
  {
    id: 'E18',
    title: 'a decoder that is bound anew writes to the new store alone',
    async run(bench) {
      const { frames } = await marketRun(bench);
      const { decoder, session } = bound(bench);
      for (const frame of frames) decodeSafely(decoder, frame);
      const before = session.counters.applied;
      claim(before > 0, 'nothing was written to the first store');
      const next = bind(bench, decoder);
      for (const frame of frames) decodeSafely(decoder, frame);
      claim(next.counters.applied > 0, 'nothing was written to the second store');
      const late = session.counters.applied - before;
      claim(late === 0, `${late} packets were still written to the first`);
    },
  },
  {
    id: 'E19',
    title: 'a decoder that is bound to nothing yet does not throw',
    async run(bench) {
      const { frames } = await marketRun(bench);
      const decoder = bench.instance.feed.createDecoder();
      for (const frame of frames.slice(0, 20)) decodeSafely(decoder, frame);
    },
  },
  {
    id: 'E20',
    title: 'the sink is told when the last trade was, to the second',
    needs: 'tradeTimes',
    async run(bench) {
      const { traded, wrongTimes } = await marketRun(bench);
      claim(traded > 0, 'no leg has traded');
      claimNone('trade times', wrongTimes);
    },
  },
  {
    id: 'E21',
    title: 'the sink is told the volume of each packet that has one, before it is written',
    needs: 'volumes',
    async run(bench) {
      const { traded, wrongVolumes } = await marketRun(bench);
      claim(traded > 0, 'no leg has traded');
      claimNone('volumes', wrongVolumes);
    },
  },
]);

/** Every instrument lies in the one slot. */
function bind({ deps: { clock } }: ConformanceBench, decoder: FeedDecoder): QuoteSession {
  const store = new QuoteStore({
    capacity: 1, groupCount: 0, tickDepth: 0, baseWallMs: clock.wallMs(),
  });
  const session = new QuoteSession(store, { source: 1, epoch: 1 });
  session.beginFrame(clock.wallMs(), clock.monoMs());
  decoder.bind({ get: () => anySlot }, session);
  return session;
}

function bound(bench: ConformanceBench): { decoder: FeedDecoder; session: QuoteSession } {
  const decoder = bench.instance.feed.createDecoder();
  return { decoder, session: bind(bench, decoder) };
}

function decodeSafely(decoder: FeedDecoder, { bytes, isBinary }: SeenFrame): void {
  try {
    decoder.decode(bytes, isBinary);
  } catch (error) {
    const start = Array.from(bytes.subarray(0, 24), (byte) => byte.toString(16).padStart(2, '0'));
    const what = `${bytes.length} bytes (${start.join('')}...)`;
    claim(false, `decode threw at ${what}: ${errorMessageOf(error)}`);
  }
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random.next() * 256));
}
