import { parseArgs } from 'node:util';

const reportEvery = 500;

/** Lives seeds one after the other, prints what is doubtful, and answers with the exit code. */
export async function runCampaign(
  args: readonly string[],
  live: (seed: number) => Promise<{ story: readonly string[]; doubts: readonly string[] }>,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
    },
  });
  const [count, from] = [Number(values.seeds), Number(values.from)];
  const before = process.cpuUsage();
  let doubtful = 0;
  for (let seed = from; seed < from + count; seed++) {
    const { story, doubts } = await live(seed);
    if (doubts.length > 0) {
      doubtful++;
      console.error([`seed ${seed}`, ...story, ...doubts.map((one) => `! ${one}`)].join('\n  '));
    }
    if ((seed - from + 1) % reportEvery === 0) console.log(`${seed - from + 1} seeds`);
  }
  const { user, system } = process.cpuUsage(before);
  const each = Math.round((user + system) / 1_000 / count);
  console.log(`${count} seeds, ${doubtful} doubtful, ${each} ms of CPU each`);
  return doubtful > 0 ? 1 : 0;
}
