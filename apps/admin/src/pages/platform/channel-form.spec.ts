import type { NotificationChannel } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { channelFormOf, channelOf } from './channel-form';

const base = {
  id: '018f0000-0000-7000-8000-000000000009',
  name: 'Desk',
  minSeverity: 'critical',
  enabled: true,
  lastDelivery: null,
} as const;
const webhook: NotificationChannel = {
  ...base,
  settings: { kind: 'webhook', url: 'https://chat.example/x', secret: '***' },
};
const email: NotificationChannel = {
  ...base,
  settings: {
    kind: 'email',
    host: 'mail.example',
    port: 587,
    security: 'starttls',
    user: 'desk',
    password: '***',
    from: 'desk@example.com',
    to: ['a@example.com', 'b@example.com'],
  },
};

describe('the form of a channel', () => {
  it.each([webhook, email])('that is not changed changes nothing: $settings.kind', (channel) => {
    const { name, minSeverity, settings } = channel;
    expect(channelOf(channelFormOf(channel), settings)).toEqual({
      channel: { name, minSeverity, settings, enabled: true },
    });
  });

  it('names what is missing by its own fields', () => {
    const empty = channelFormOf(null);
    expect(channelOf({ ...empty, secret: 'short' }, null)).toEqual({
      needs: {
        name: 'needs at least one character',
        url: 'needs to be an http or https address',
        secret: 'needs at least 16 characters',
      },
    });
    const form = { ...empty, kind: 'email', name: 'x', host: 'a b', port: '', to: 'a@x.de, b' };
    const { needs } = channelOf(form, null) as { needs: object };
    expect(Object.keys(needs).sort()).toEqual(['from', 'host', 'port', 'to']);
  });

  it('keeps no password of a user who is gone', () => {
    const form = { ...channelFormOf(email), user: '' };
    expect(channelOf(form, email.settings)).toMatchObject({
      channel: { settings: { user: null, password: null } },
    });
  });
});
