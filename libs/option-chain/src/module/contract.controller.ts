import { Controller, Get, Inject, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  contractQuerySchema,
  contractTermsSchema,
  type ContractQuery,
  type ContractTerms,
} from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { ContractTermsDesk } from '../engine/contract-terms';
import { CONTRACT_TERMS } from './tokens';

/** One contract, for whoever is about to trade it. */
@Controller('api/optionchain/contract')
export class ContractController {
  private readonly desk: ContractTermsDesk;

  constructor(@Inject(CONTRACT_TERMS) desk: ContractTermsDesk) {
    this.desk = desk;
  }

  @Get()
  @RouteConfig(
    routeOf(accessRules.orderReaders, 'Terms and book of a contract, or of an expiry\'s future', {
      query: contractQuerySchema,
      answer: contractTermsSchema,
    }),
  )
  terms(@Query() query: ContractQuery): Promise<ContractTerms> {
    return this.desk.terms(query);
  }
}
