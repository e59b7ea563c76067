import { secretMark, type ChannelSettings } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';

/** As they are shown: secrets that are set are `***`. */
export function maskSettings(settings: ChannelSettings): ChannelSettings {
  if (settings.kind === 'webhook') return { ...settings, secret: secretMark };
  return { ...settings, password: settings.password === null ? null : secretMark };
}

/** As they go into the activity log: an address of a webhook may be a secret by itself. */
export function settingsForLog(settings: ChannelSettings): Record<string, unknown> {
  if (settings.kind === 'email') return { ...maskSettings(settings) };
  return { ...maskSettings(settings), url: `${new URL(settings.url).origin}/***` };
}

/**
 * What is to be stored: a secret of `***` stays as it is in `stored`. Throws (`invalid`) where
 * there is none, and where a stored password would be sent to another server than before.
 */
export function mergeSettings(
  wanted: ChannelSettings,
  stored: ChannelSettings | undefined,
): ChannelSettings {
  if (wanted.kind === 'webhook') {
    checkAddress(wanted.url);
    if (wanted.secret !== secretMark) return wanted;
    if (stored?.kind === 'webhook') return { ...wanted, secret: stored.secret };
    throw wrong('settings.secret', 'needs to be given: there is none yet');
  }
  if ((wanted.user === null) !== (wanted.password === null)) {
    throw wrong('settings.password', 'needs to be given together with a user, or neither');
  }
  if (wanted.password !== secretMark) return wanted;
  if (stored?.kind !== 'email' || stored.password === null) {
    throw wrong('settings.password', 'needs to be given: there is none yet');
  }
  const isSame =
    stored.host === wanted.host &&
    stored.port === wanted.port &&
    stored.user === wanted.user &&
    stored.security === wanted.security;
  if (isSame) return { ...wanted, password: stored.password };
  throw wrong('settings.password', 'needs to be given again when it goes elsewhere than before');
}

function checkAddress(url: string): void {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return;
  throw wrong('settings.url', 'needs to be without a user and password: messages are signed');
}

function wrong(field: string, needed: string): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'channel_invalid',
    message: `${field}: ${needed}`,
    details: { fields: [{ field, needed }] },
  });
}
