import { Module, type DynamicModule } from '@nestjs/common';
import type { Access } from './access';
import { ActivityController } from './activity.controller';
import { AuthController } from './auth.controller';
import { KeysController } from './keys.controller';
import { SessionsController } from './sessions.controller';
import { ACCESS } from './tokens';
import { UsersController } from './users.controller';

/** REST of people, sessions, keys and the activity log. */
@Module({})
export class AccessModule {
  static over(access: Access): DynamicModule {
    return {
      module: AccessModule,
      controllers: [
        AuthController,
        UsersController,
        SessionsController,
        KeysController,
        ActivityController,
      ],
      providers: [{ provide: ACCESS, useValue: access }],
    };
  }
}
