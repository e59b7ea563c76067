import type { BrokerInstance } from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';
import { createRateBudget } from '@strikewire/broker/engine';
import { createSeededRandom, silentLog, type Clock } from '@strikewire/runtime';
import { createNodeClock, createNodeHttp, serveSite } from '@strikewire/runtime/node';
import {
  createSimulator,
  defaultAccount,
  defaultUnderlyings,
  type Simulator,
} from '@strikewire/simulator';

/** Dhan's adapter against the simulator with NIFTY alone, over real sockets and in real time. */
export interface DhanOverSockets {
  clock: Clock;
  simulator: Simulator;
  instance: BrokerInstance;
  stop(): Promise<void>;
}

export async function startDhanOverSockets(): Promise<DhanOverSockets> {
  const clock = createNodeClock();
  const simulator = createSimulator({
    clock, seed: 3, sessions: { kind: 'always' }, holidays: [],
    underlyings: defaultUnderlyings.filter(({ symbol }) => symbol === 'NIFTY'),
    rates: { ticksPerSecond: 200 },
  });
  const limits = { port: 0, host: '127.0.0.1', bodyBytesMax: 65_536 };
  const served = await serveSite(simulator.site, limits);
  const place = `127.0.0.1:${served.port}`;
  const { clientId, token: accessToken } = defaultAccount;
  const config = {
    credentials: { clientId, accessToken },
    endpoints: {
      rest: `http://${place}/v2`,
      feed: `ws://${place}`,
      depth: `ws://${place}/twentydepth`,
      orders: `ws://${place}/order-update`,
      auth: `http://${place}`,
      master: `http://${place}/master.csv`,
    },
  };
  const instance = dhanBroker.create(config, {
    clock, random: createSeededRandom(4), http: createNodeHttp(clock), log: silentLog,
    gate: createRateBudget(clock, dhanBroker.limits.rest),
  });
  return {
    clock,
    simulator,
    instance,
    async stop() {
      simulator.stop();
      await served.close();
    },
  };
}
