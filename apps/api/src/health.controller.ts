import { Controller, Get, Inject } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { healthSchema, type Health } from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';

/** Tells how the process is; given to the controller by the composition root. */
export type HealthProbe = () => Promise<Health>;

export const HEALTH_PROBE = Symbol('HealthProbe');

const { everybody } = accessRules;

@Controller('health')
export class HealthController {
  private readonly probe: HealthProbe;

  constructor(@Inject(HEALTH_PROBE) probe: HealthProbe) {
    this.probe = probe;
  }

  @Get()
  @RouteConfig(routeOf(everybody, 'How the process is', { answer: healthSchema }))
  health(): Promise<Health> {
    return this.probe();
  }
}
