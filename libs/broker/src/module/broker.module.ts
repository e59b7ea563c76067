import { Module, type DynamicModule } from '@nestjs/common';
import type { Accounts } from './accounts';
import { AccountsController } from './accounts.controller';
import { BrokersController } from './brokers.controller';
import { ACCOUNTS } from './tokens';

/** REST of brokers and their accounts. */
@Module({})
export class BrokerModule {
  static over(accounts: Accounts): DynamicModule {
    return {
      module: BrokerModule,
      controllers: [AccountsController, BrokersController],
      providers: [{ provide: ACCOUNTS, useValue: accounts }],
    };
  }
}
