import type { HeldContract } from '../core/generation-layout';
import { ChainDepth } from './chain-depth';
import type { ChainSource } from './chain-json';
import { ChainService } from './chain-service';
import { LiveContractDesk } from './contract-desk';
import { ContractTermsDesk } from './contract-terms';
import type { DayPlan } from './day-plan';
import type { OptionChainEngineOptions } from './engine-options';
import type { EngineSources } from './engine-sources';
import { GreeksHub } from './greeks-hub';
import type { LiveChain } from './live-chain';
import { LoadWatch } from './load-watch';
import { StreamHub } from './stream-hub';

/** Where figures go to. */
export interface EngineOutlets {
  hub: StreamHub;
  greeksHub: GreeksHub;
  service: ChainService;
  /** Books of options. */
  depth: ChainDepth;
  /** Contracts as those see them who trade. */
  contracts: LiveContractDesk;
  /** The same, one by one, as tickets show them. */
  terms: ContractTermsDesk;
  /** What is given up while the process is too busy. */
  load: LoadWatch;
}

/** What is asked of the engine for its answers. */
export interface OutletNeeds {
  plan(): DayPlan;
  isStarting(): boolean;
  /** As of `OptionChainEngine.hold`. */
  hold(holder: string, contracts: readonly HeldContract[]): void;
}

/** Everything that reads from the sources. */
export function openOutlets(
  options: OptionChainEngineOptions,
  sources: EngineSources,
  needs: OutletNeeds,
): EngineOutlets {
  const { clock, log, calendar, accounts, readLoad } = options;
  const { board, directory, requests } = sources;
  const source = sourceOf(options);
  const isStale = (chain: LiveChain): boolean => board.isStale(chain);
  const hub = new StreamHub({
    clock,
    source,
    isStale,
    isIndex: ({ slots }) => directory.find(slots.skeleton)?.kind === 'index',
  });
  const greeksHub = new GreeksHub({
    clock,
    refresh: (chain) => void chain.refresh(isStale(chain), clock.wallMs()),
  });
  const load = new LoadWatch({
    clock,
    log,
    ...(readLoad && { read: () => readLoad() }),
    flush: (scale) => {
      hub.setFlushScale(scale);
      greeksHub.setFlushScale(scale);
    },
    refresh: (factor) => requests.shed(factor),
  });
  const service = new ChainService({
    ...sources, ...needs, clock, source, calendar, accounts, hub, greeksHub, load,
  });
  const depth = new ChainDepth({
    ...sources, options, chain: (...of) => service.chain(...of),
  });
  const contracts = new LiveContractDesk({ ...sources, ...needs, options });
  const terms = new ContractTermsDesk({ ...needs, clock, contracts });
  return { hub, greeksHub, service, depth, contracts, terms, load };
}

/** Whose data are served: the account that comes first. */
function sourceOf({ accounts }: OptionChainEngineOptions): ChainSource {
  return {
    get broker() {
      return accounts()[0]?.broker ?? '';
    },
    get account() {
      return accounts()[0]?.label ?? 'none';
    },
  };
}
