import { Module, type DynamicModule } from '@nestjs/common';
import type { OpenedOrderService } from './open-orders';
import { OrdersController } from './orders.controller';
import { ORDER_SERVICE } from './tokens';
import { PositionsController } from './positions.controller';
import { TradingController } from './trading.controller';

/** REST of orders, positions and the kill switch. */
@Module({})
export class OrdersModule {
  static over({ service }: Pick<OpenedOrderService, 'service'>): DynamicModule {
    return {
      module: OrdersModule,
      controllers: [OrdersController, TradingController, PositionsController],
      providers: [{ provide: ORDER_SERVICE, useValue: service }],
    };
  }
}
