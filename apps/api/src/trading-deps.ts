import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import type { UnderlyingCloses, UniverseRules } from '@strikewire/option-chain/module';
import type { Notifier } from '@strikewire/platform/notifications';
import type { Clock, Log, Random, SecureRandom } from '@strikewire/runtime';
import type { BrokerDesk } from './broker-desk';
import type { OpenedHours } from './open-hours';
import type { Security } from './security';
import type { StopSteps } from './shutdown';
import type { Storage } from './storage';

/** What trading is made of. */
export interface TradingDeps {
  clock: Clock;
  random: Random;
  ids: SecureRandom;
  log: Log;
  storage: Pick<Storage, 'database' | 'redis' | 'state'>;
  security: { access: Pick<Security['access'], 'activity' | 'directory'> };
  notifier: Notifier;
  desk: Pick<BrokerDesk, 'accounts' | 'data' | 'onChanged'>;
  engine: OptionChainEngine;
  hours: Pick<OpenedHours, 'calendar' | 'derivativesOf'>;
  universe: Pick<UniverseRules, 'rules'>;
  closes: Pick<UnderlyingCloses, 'of'>;
  stops: StopSteps;
}
