import { loadSteps } from '@strikewire/option-chain';
import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import type { Metrics, Sample } from '@strikewire/platform/metrics';
import { errorMessageOf, type Jobs, type Log } from '@strikewire/runtime';
import type { BrokerDesk } from './broker-desk';

/** What is measured besides requests. */
export interface MeasuredParts {
  engine: OptionChainEngine;
  desk: Pick<BrokerDesk, 'accounts' | 'record'>;
  jobs: Jobs;
  /** Which of the servers that the platform leans on answer. */
  servers(): Readonly<Record<string, boolean>>;
  log: Log;
}

type Read = () => Iterable<Sample>;

/** Adds what every part keeps anyway; it is read when somebody scrapes. */
export function measureEngine(metrics: Metrics, parts: MeasuredParts): void {
  measureFeed(metrics, parts);
  measureRequests(metrics, parts);
  measureStreams(metrics, parts);
  measureAccounts(metrics, parts);
  measureFailover(metrics, parts);
  const gauge = (name: string, help: string, labels: string[], read: Read): void =>
    metrics.collectFrom({ name, help, type: 'gauge', labels, read });
  gauge('strikewire_server_up', 'Whether a server of ours answers.', ['server'], () =>
    Object.entries(parts.servers()).map(([server, isUp]) => ({
      labels: { server }, value: Number(isUp),
    })),
  );
  measureJobs(metrics, parts);
}

function measureFeed(metrics: Metrics, { engine }: MeasuredParts): void {
  const perSocket = (read: (socket: Socket) => number | null): Read => () =>
    engine.feed.sockets().flatMap((socket, index) => {
      const value = read(socket);
      return value === null ? [] : [{ labels: { socket: String(index + 1) }, value }];
    });
  const add = (name: string, help: string, read: Read): void =>
    metrics.collectFrom({ name, help, type: 'gauge', labels: ['socket'], read });
  add('strikewire_feed_socket_up', 'Whether a socket of the feed is live.',
    perSocket(({ state }) => Number(state === 'live')));
  add('strikewire_feed_socket_resting', 'Whether a socket rests because its market is closed.',
    perSocket(({ state }) => Number(state === 'resting')));
  add('strikewire_feed_socket_uptime_seconds', 'How long a socket of the feed stands.',
    perSocket(({ liveForMs }) => seconds(liveForMs)));
  add('strikewire_feed_socket_tick_age_seconds', 'Since a socket\'s newest tick.',
    perSocket(({ tickAgeMs }) => seconds(tickAgeMs)));
  add('strikewire_feed_socket_byte_age_seconds', 'Since a socket\'s newest byte.',
    perSocket(({ byteAgeMs }) => seconds(byteAgeMs)));
  add('strikewire_feed_socket_instruments', 'Instruments that a socket carries.',
    perSocket(({ instruments }) => instruments));
  const count = (name: string, help: string, read: Read): void =>
    metrics.collectFrom({ name, help, type: 'counter', labels: ['socket'], read });
  count('strikewire_feed_socket_ticks_total', 'Packets of a socket that were applied.',
    perSocket(({ ticks }) => ticks));
  count('strikewire_feed_socket_reconnects_total', 'Openings of a socket after a loss.',
    perSocket(({ reconnects }) => reconnects));
  metrics.collectFrom({
    name: 'strikewire_feed_packets_total',
    help: 'Packets of the feed by what became of them.',
    type: 'counter',
    labels: ['outcome'],
    read: () =>
      Object.entries(engine.feed.counters()).map(([outcome, value]) => ({
        labels: { outcome }, value,
      })),
  });
}

/** What REST keeps: how old it is, and what waits. */
function measureRequests(metrics: Metrics, { engine }: MeasuredParts): void {
  const gauge = (name: string, help: string, labels: string[], read: Read): void =>
    metrics.collectFrom({ name, help, type: 'gauge', labels, read });
  gauge('strikewire_chain_rest_age_seconds', 'Since the request of a chain\'s REST figures.',
    ['chain'], () => [...engine.board.all()].flatMap(({ key }) => {
      const value = seconds(engine.requests.ageOf(key).ageMs);
      return value === null ? [] : [{ labels: { chain: key }, value }];
    }));
  const bound = 'How old REST figures may be now, by kind.';
  gauge('strikewire_rest_bound_seconds', bound, ['kind'], () =>
    Object.entries(engine.requests.boundsMs()).map(([kind, ms]) => ({
      labels: { kind }, value: ms / 1_000,
    })));
  gauge('strikewire_rest_waiting', 'Lists and chains that are wanted, by why.', ['reason'], () =>
    Object.entries(engine.requests.waiting()).map(([reason, value]) => ({
      labels: { reason }, value,
    })));
  gauge('strikewire_rest_only_contracts', 'Contracts that no socket has room for.', [], () => [
    { value: engine.board.unplaced.length },
  ]);
  gauge('strikewire_load_step', '0 while nothing is given up, up to 3.', [], () => [
    { value: loadSteps.indexOf(engine.service.status().load.step) },
  ]);
}

type Socket = ReturnType<OptionChainEngine['feed']['sockets']>[number];

function measureStreams(metrics: Metrics, { engine }: MeasuredParts): void {
  const { hub, greeksHub, service } = engine;
  const gauge = (name: string, help: string, read: () => number): void =>
    metrics.collectFrom({ name, help, type: 'gauge', read: () => [{ value: read() }] });
  const count = (name: string, help: string, read: () => number): void =>
    metrics.collectFrom({ name, help, type: 'counter', read: () => [{ value: read() }] });
  gauge('strikewire_clients', 'Sockets of clients that watch something.', () =>
    hub.clientCount() + greeksHub.clientCount());
  gauge('strikewire_subscriptions', 'Streams that are watched.', () => hub.counters.subscriptions);
  count('strikewire_frames_total', 'Frames sent to clients.', () => hub.counters.frames);
  count('strikewire_snapshots_total', 'Snapshots sent to clients.', () => hub.counters.snapshots);
  count('strikewire_slow_skips_total', 'Frames that slow clients were spared.', () =>
    hub.counters.slowSkips);
  count('strikewire_client_cuts_total', 'Clients that were cut for being slow.', () =>
    hub.counters.cuts);
  gauge('strikewire_client_buffered_bytes_high', 'Most bytes that ever waited for one client.',
    () => hub.counters.bufferedBytesHigh);
  count('strikewire_flushes_total', 'Slices in which changes were sent out.', () =>
    hub.counters.flushes);
  count('strikewire_flush_seconds_total', 'Time that those slices took together.', () =>
    hub.counters.flushMs / 1_000);
  metrics.collectFrom({
    name: 'strikewire_chains',
    help: 'Chains by how they stand.',
    type: 'gauge',
    labels: ['state'],
    read: () => {
      const chains = service.status().underlyings.flatMap((underlying) => underlying.chains);
      return ['pending', 'built', 'not_built', 'stale'].map((state) => ({
        labels: { state },
        value: chains.filter((chain) =>
          state === 'stale' ? chain.stale : chain.state === state).length,
      }));
    },
  });
}

function measureAccounts(metrics: Metrics, { desk: { accounts } }: MeasuredParts): void {
  const labels = ['account', 'class', 'window'];
  const perLimit = (read: (use: Budget) => number): Read => () =>
    accounts.list().flatMap(({ label, budget }) =>
      budget.map((use) => ({
        labels: { account: label, class: use.class, window: `${use.windowMs / 1_000}s` },
        value: read(use),
      })),
    );
  const add = (name: string, help: string, read: Read): void =>
    metrics.collectFrom({ name, help, type: 'gauge', labels, read });
  add('strikewire_budget_used', 'Requests to a broker that count in a limit\'s window.',
    perLimit(({ used }) => used));
  add('strikewire_budget_limit', 'Requests that a limit\'s window has room for.',
    perLimit(({ limit }) => limit));
  add('strikewire_budget_waiting', 'Requests that wait for their turn.',
    perLimit(({ waiting }) => waiting));
  metrics.collectFrom({
    name: 'strikewire_account_state',
    help: '1 for the state that an account is in.',
    type: 'gauge',
    labels: ['account', 'state'],
    read: () => accounts.list().map(({ label, state }) => ({
      labels: { account: label, state }, value: 1,
    })),
  });
}

type Budget = ReturnType<BrokerDesk['accounts']['list']>[number]['budget'][number];

/** How well each account does, and what has changed hands. */
function measureFailover(metrics: Metrics, { engine, desk }: MeasuredParts): void {
  const { supervision } = engine;
  metrics.collectFrom({
    name: 'strikewire_failover_events_total',
    help: 'Changes of who carries the data: 1 another socket, 2 account, 3 broker; 0 no fault.',
    type: 'counter',
    labels: ['level'],
    read: () => [...desk.record.counted()].map(([level, value]) => ({
      labels: { level: String(level) }, value,
    })),
  });
  metrics.collectFrom({
    name: 'strikewire_account_score',
    help: 'How much an account is to be relied on, 0 to 100.',
    type: 'gauge',
    labels: ['account'],
    read: () => supervision.view().map(({ label, score }) => ({
      labels: { account: label }, value: score,
    })),
  });
  metrics.collectFrom({
    name: 'strikewire_failover_degraded',
    help: '1 while no account is left that carries the data.',
    type: 'gauge',
    read: () => [{ value: Number(supervision.standing.isDegraded) }],
  });
}

/** Jobs may be counted by another server: what it said last is told, and asked anew meanwhile. */
function measureJobs(metrics: Metrics, { jobs, log }: MeasuredParts): void {
  let last: Sample[] = [];
  const refresh = async (): Promise<void> => {
    const counts = Object.entries(await jobs.counts());
    last = counts.flatMap(([name, states]) =>
      Object.entries(states).map(([state, value]) => ({ labels: { name, state }, value })),
    );
  };
  metrics.collectFrom({
    name: 'strikewire_jobs',
    help: 'Background jobs by name and state, as of the scrape before.',
    type: 'gauge',
    labels: ['name', 'state'],
    read: () => {
      refresh().catch((error) => log.debug('jobs not counted', { reason: errorMessageOf(error) }));
      return last;
    },
  });
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}
