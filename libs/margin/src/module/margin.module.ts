import { Module, type DynamicModule } from '@nestjs/common';
import { MarginController } from './margin.controller';
import type { MarginServices } from './open-margin';
import { MARGIN_SERVICE, RISK_FILES } from './tokens';

/** REST of margins; the upload of risk files is a route of the server itself. */
@Module({})
export class MarginModule {
  static over({ service, files }: Pick<MarginServices, 'service' | 'files'>): DynamicModule {
    return {
      module: MarginModule,
      controllers: [MarginController],
      providers: [
        { provide: MARGIN_SERVICE, useValue: service },
        { provide: RISK_FILES, useValue: files },
      ],
    };
  }
}
