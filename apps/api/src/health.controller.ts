import { Controller, Get, Inject } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { healthSchema, type Health } from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { HealthProbe } from './health-probe';

export const HEALTH_PROBE = Symbol('HealthProbe');

const { everybody } = accessRules;

/** For people (`/health`), and for whatever restarts (`live`) or spreads load (`ready`). */
@Controller('health')
export class HealthController {
  private readonly probe: HealthProbe;

  constructor(@Inject(HEALTH_PROBE) probe: HealthProbe) {
    this.probe = probe;
  }

  @Get()
  @RouteConfig(routeOf(everybody, 'How the process is, part by part', { answer: healthSchema }))
  health(): Promise<Health> {
    return this.probe.whole();
  }

  @Get('live')
  @RouteConfig(routeOf(everybody, 'Answers while the process works'))
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @RouteConfig(routeOf(everybody, 'Answers 200 while requests may be sent here, else 503'))
  ready(): { status: 'ok' } {
    if (this.probe.isReady()) return { status: 'ok' };
    const message = 'it is starting, or about to stop';
    throw new StrikewireError({ kind: 'retryable', code: 'not_ready', message });
  }
}
