import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import * as contract from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { FastifyRequest } from 'fastify';
import type { MarginReader, MarginService } from './margin-service';
import type { RiskFileShelf } from './risk-file-shelf';
import { MARGIN_SERVICE, RISK_FILES } from './tokens';

const { orderReaders } = accessRules;

/** Margin of accounts: those read it who trade. */
@Controller('api/margin')
export class MarginController {
  private readonly margins: MarginService;
  private readonly files: RiskFileShelf;

  constructor(
    @Inject(MARGIN_SERVICE) margins: MarginService,
    @Inject(RISK_FILES) files: RiskFileShelf,
  ) {
    this.margins = margins;
    this.files = files;
  }

  @Get()
  @RouteConfig(
    routeOf(orderReaders, 'Margin and funds of an account', {
      query: contract.marginQuerySchema,
      answer: contract.marginPortfolioSchema,
    }),
  )
  portfolio(
    @Query() { account }: { account: string },
    @Req() request: FastifyRequest,
  ): contract.MarginPortfolio {
    return this.margins.portfolio(readerOf(request), account);
  }

  @Post('estimate')
  @HttpCode(200)
  @RouteConfig(
    routeOf(orderReaders, 'What a basket would need, beside what is held', {
      body: contract.marginTrialSchema,
      answer: contract.basketMarginSchema,
    }),
  )
  estimate(
    @Body() trial: contract.OrderTrial,
    @Req() request: FastifyRequest,
  ): contract.BasketMargin {
    return this.margins.estimate(readerOf(request), trial);
  }

  @Get('reconciliations')
  @RouteConfig(
    routeOf(orderReaders, "How estimates have compared with brokers' figures", {
      answer: contract.marginReconciliationsSchema,
    }),
  )
  reconciliations(@Req() request: FastifyRequest): contract.MarginReconciliations {
    return this.margins.reconciliations(readerOf(request));
  }

  @Get('risk-files')
  @RouteConfig(
    routeOf(orderReaders, "The exchanges' risk files in use", {
      answer: contract.riskFilesSchema,
    }),
  )
  riskFiles(): contract.RiskFiles {
    return this.files.list();
  }
}

/** The route admits nobody without an identity; types do not know it. */
function readerOf({ caller }: FastifyRequest): MarginReader {
  if (caller.kind !== 'nobody') return caller;
  const message = 'sign in first';
  throw new StrikewireError({ kind: 'unauthenticated', code: 'not_signed_in', message });
}
