import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import * as contract from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { askerOf } from './asker-of';
import { accountBodySchema, orderParamsSchema } from './order-params';
import type { OrderService } from './order-service';
import { ORDER_SERVICE } from './tokens';

const { traders, orderReaders } = accessRules;
type OrderParams = z.infer<typeof orderParamsSchema>;
type OrdersQuery = z.infer<typeof contract.ordersQuerySchema>;

/** Orders: to look at them first, to place, change and end them. */
@Controller('api/orders')
export class OrdersController {
  private readonly orders: OrderService;

  constructor(@Inject(ORDER_SERVICE) orders: OrderService) {
    this.orders = orders;
  }

  @Get()
  @RouteConfig(
    routeOf(orderReaders, 'Orders, newest first', {
      query: contract.ordersQuerySchema,
      answer: contract.ordersSchema,
    }),
  )
  list(@Query() query: OrdersQuery, @Req() request: FastifyRequest): Promise<contract.Orders> {
    return this.orders.orders(askerOf(request), query);
  }

  @Post()
  @HttpCode(200)
  @RouteConfig(
    routeOf(traders, 'Place an order or a basket; the same requestId again places nothing', {
      body: contract.newOrdersSchema,
      answer: contract.ordersSchema,
    }),
  )
  place(
    @Body() body: contract.NewOrders,
    @Req() request: FastifyRequest,
  ): Promise<contract.Orders> {
    return this.orders.place(askerOf(request), body);
  }

  @Post('preview')
  @HttpCode(200)
  @RouteConfig(
    routeOf(traders, 'What orders would do; nothing is sent, no broker is asked', {
      body: contract.orderTrialSchema,
      answer: contract.orderPreviewSchema,
    }),
  )
  preview(
    @Body() body: contract.OrderTrial,
    @Req() request: FastifyRequest,
  ): contract.OrderPreview {
    return this.orders.preview(askerOf(request), body);
  }

  @Post('cancel-all')
  @HttpCode(200)
  @RouteConfig(
    routeOf(traders, 'Cancel everything that is open in an account', {
      body: accountBodySchema,
      answer: contract.ordersSchema,
    }),
  )
  cancelAll(
    @Body() { account }: z.infer<typeof accountBodySchema>,
    @Req() request: FastifyRequest,
  ): Promise<contract.Orders> {
    return this.orders.cancelAll(askerOf(request), account);
  }

  @Get(':id')
  @RouteConfig(
    routeOf(orderReaders, 'One order', {
      params: orderParamsSchema,
      answer: contract.orderSchema,
    }),
  )
  get(@Param() { id }: OrderParams, @Req() request: FastifyRequest): Promise<contract.Order> {
    return this.orders.order(askerOf(request), id);
  }

  @Patch(':id')
  @RouteConfig(
    routeOf(traders, 'Change an order that is open', {
      params: orderParamsSchema,
      body: contract.orderChangeSchema,
      answer: contract.orderSchema,
    }),
  )
  modify(
    @Param() { id }: OrderParams,
    @Body() change: contract.OrderChangeBody,
    @Req() request: FastifyRequest,
  ): Promise<contract.Order> {
    return this.orders.modify(askerOf(request), id, change);
  }

  @Delete(':id')
  @HttpCode(200)
  @RouteConfig(
    routeOf(traders, 'Cancel an order', {
      params: orderParamsSchema,
      answer: contract.orderSchema,
    }),
  )
  cancel(@Param() { id }: OrderParams, @Req() request: FastifyRequest): Promise<contract.Order> {
    return this.orders.cancel(askerOf(request), id);
  }

  @Post(':id/settle')
  @HttpCode(200)
  @RouteConfig(
    routeOf(traders, 'A person has looked: the broker never had it, or so much was filled', {
      params: orderParamsSchema,
      body: contract.orderSettleSchema,
      answer: contract.orderSchema,
    }),
  )
  settle(
    @Param() { id }: OrderParams,
    @Body() body: contract.OrderSettle,
    @Req() request: FastifyRequest,
  ): Promise<contract.Order> {
    return this.orders.settle(askerOf(request), id, body);
  }
}
