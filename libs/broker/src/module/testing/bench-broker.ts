import type { SignInFlow, TokenGrant } from '../../core/auth-port';
import type { MarketDataPort } from '../../core/market-data-port';
import type { OrdersPort } from '../../core/orders-port';
import type { AnyBrokerPlugin, BrokerInstance } from '../../core/plugin';
import { createDeskBroker, type DeskBrokerBehaviour } from '../../engine/testing/desk-broker';

/** What the desk broker hands out, when a test says so. */
export interface BenchAuth {
  renew?(token: string): Promise<TokenGrant>;
  signIn?: SignInFlow;
  expiresMs?(): number | null;
  /** In the place of the desk broker's own. */
  check?: BrokerInstance['check'];
  accountOf?(credentials: Readonly<Record<string, string>>): string;
  marketData?: Partial<MarketDataPort>;
  orders?: Partial<OrdersPort>;
  /** Called when an account is made. */
  making?(): void;
}

/** The desk broker, and how it behaves. */
export interface BenchBroker {
  plugin: AnyBrokerPlugin;
  behaviour: DeskBrokerBehaviour;
}

/** Makes one; without `auth` its credentials never end. */
export function createBenchBroker(auth: BenchAuth | undefined): BenchBroker {
  const behaviour: DeskBrokerBehaviour = { dead: new Set(), asked: [] };
  // Requests wait for their turn in real time here.
  const plugin = createDeskBroker(behaviour, { windowMs: 1 });
  return { plugin: auth ? withAuth(plugin, auth) : plugin, behaviour };
}

function withAuth(plugin: AnyBrokerPlugin, auth: BenchAuth): AnyBrokerPlugin {
  const { renew, signIn, expiresMs = () => null, check, accountOf, making } = auth;
  const { marketData, orders } = auth;
  return {
    ...plugin,
    ...(accountOf && { accountOf }),
    create(config: { credentials: { token: string } }, deps) {
      making?.();
      return {
        ...plugin.create(config as never, deps),
        ...(check && { check }),
        ...(marketData && { marketData: marketData as MarketDataPort }),
        ...(orders && { orders: orders as OrdersPort }),
        auth: {
          expiresMs,
          ...(renew && { renew: () => renew(config.credentials.token) }),
          ...(signIn && { signIn }),
        },
      };
    },
  };
}
