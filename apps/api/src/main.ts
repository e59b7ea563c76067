import { createPinoLog } from '@strikewire/platform';
import { errorMessageOf, type Clock, type Log } from '@strikewire/runtime';
import {
  createNodeClock,
  createNodeHttp,
  createNodeRandom,
  createNodeSecureRandom,
} from '@strikewire/runtime/node';
import { openBrokerDesk } from './broker-desk';
import { readEnvironment, type Environment } from './environment';
import { openBrokers } from './open-brokers';
import { openCloses, openEngine, openRules } from './open-engine';
import { openHours, openSessions } from './open-hours';
import { openTrading } from './open-trading';
import { nextCloseMs, readinessFacts } from './readiness-facts';
import { openSecurity, type Security } from './security';
import { serve } from './serve';
import { stopOnce, type StopSteps } from './shutdown';
import { openStorage } from './storage';
import { openTelling } from './telling';

async function main(): Promise<void> {
  const environment = settings();
  const log = createPinoLog(environment.STRIKEWIRE_LOG_LEVEL);
  const clock = createNodeClock();
  const stops: StopSteps = [];
  const stop = stopOnce(stops, { clock, log });
  const fail = (): void => {
    process.exitCode = 1;
    void stop();
  };
  try {
    await run({ environment, clock, log, stops, lost: fail });
  } catch (error) {
    log.error('could not start', { reason: errorMessageOf(error) });
    fail();
  }
}

/** What is wrong with them is said in plain words, before there is a log. */
function settings(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    console.error(errorMessageOf(error));
    process.exit(1);
  }
}

async function run({ environment, clock, log, stops, lost }: {
  environment: Environment;
  clock: Clock;
  log: Log;
  stops: StopSteps;
  lost: () => void;
}): Promise<void> {
  const { brokers, leftOut } = await openBrokers({ environment, clock, log }, process.env);
  const random = createNodeRandom();
  const ids = createNodeSecureRandom();
  const http = createNodeHttp(clock);
  stops.push(() => http.close());

  const storage = await openStorage({ environment, clock, log, stops, lost });
  const { database, state } = storage;
  const security = await openSecurity({ environment, clock, log, random: ids, database, state });
  stops.push(() => security.access.stop());
  const telling = await openTelling({ clock, log, ids, http, storage, security, stops });

  const desk = await openBrokerDesk({
    clock,
    random,
    log,
    ids,
    database,
    security,
    brokers,
    leftOut,
    notifier: telling.notifications.notifier,
    http: telling.brokerHttp,
  });
  const universe = await openRules({ environment, clock, database, security });
  const opened = await openHours({ environment, clock, ids, database, security, universe });
  const { calendar } = opened;
  const closes = await openCloses(clock, database);
  const engine = openEngine({
    environment, clock, random, log, database, desk, calendar, universe, redis: storage.redis,
    closes, broker: brokers[0],
  });
  stops.push(() => engine.settle());
  stops.push(() => desk.settle());
  stops.push(() => engine.stop());
  stops.push(() => desk.stop());
  const sessions = openSessions({
    environment, clock, log, ids, database, opened, duties: engine.days,
  });
  stops.push(() => sessions.runner.stop());

  const { notifier } = telling.notifications;
  const trading = await openTrading({
    clock, random, ids, log, storage, security, notifier, desk, engine, hours: opened, universe,
    closes, stops,
  });
  const { runner, served: hours } = sessions;
  desk.attach(engine, () => readinessFacts({ clock, calendar, universe, engine, runner }));
  const parts = {
    environment, clock, log, storage, security, telling, desk, hours, engine, universe, stops,
    trading, closeMs: () => nextCloseMs({ clock, calendar, universe }),
  };
  announce(await serve(parts), security.access);
  // Feeds know how far they have to be up before there is a chain.
  await sessions.runner.start();
  await engine.start();
}

/** To whoever started this process, else to whoever looks at its output; never to the log. */
function announce(port: number, { firstAdmin }: Security['access']): void {
  if (process.send) process.send({ ready: true, port, firstAdmin });
  else if (firstAdmin) {
    const { username, password } = firstAdmin;
    console.log(`First sign-in, shown this once: ${username} ${password}`);
  }
}

void main();
