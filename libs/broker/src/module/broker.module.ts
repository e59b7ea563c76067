import { Module, type DynamicModule } from '@nestjs/common';
import type { Accounts } from './accounts';
import { AccountsController } from './accounts.controller';
import { BrokersController } from './brokers.controller';
import type { FailoverDesk } from './failover-desk';
import { FailoverController } from './failover.controller';
import { SignInController, type ConsoleAddress } from './sign-in.controller';
import type { SignIns } from './sign-ins';
import { ACCOUNTS, CONSOLE_ADDRESS, FAILOVER_DESK, SIGN_INS } from './tokens';

/** What is served of brokers, opened before. */
export interface BrokerServices {
  accounts: Accounts;
  failover: FailoverDesk;
  signIns: SignIns;
}

/** REST of brokers, their accounts and failover between them. */
@Module({})
export class BrokerModule {
  /** `address`: the console's, as people type it, where it is not the one that they use. */
  static over(services: BrokerServices, address?: ConsoleAddress): DynamicModule {
    const { accounts, failover, signIns } = services;
    return {
      module: BrokerModule,
      controllers: [AccountsController, BrokersController, FailoverController, SignInController],
      providers: [
        { provide: ACCOUNTS, useValue: accounts },
        { provide: FAILOVER_DESK, useValue: failover },
        { provide: SIGN_INS, useValue: signIns },
        { provide: CONSOLE_ADDRESS, useValue: { address } },
      ],
    };
  }
}
