import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '@strikewire/runtime';
import type { OptionChainEngineOptions } from '@strikewire/option-chain/engine';

/** How busy this process is, since it was asked before. */
export function createLoadProbe(clock: Clock): NonNullable<OptionChainEngineOptions['readLoad']> {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let last = { mono: clock.monoMs(), cpu: process.cpuUsage() };
  return () => {
    const now = { mono: clock.monoMs(), cpu: process.cpuUsage() };
    const usedMs = (now.cpu.user + now.cpu.system - last.cpu.user - last.cpu.system) / 1_000;
    const cpu = usedMs / Math.max(1, now.mono - last.mono);
    last = now;
    const loopDelayMs = delay.percentile(99) / 1e6;
    delay.reset();
    return { memoryBytes: process.memoryUsage().rss, cpu, loopDelayMs };
  };
}
