import {
  newChannelSchema,
  secretMark,
  type ChannelSettings,
  type NewChannel,
  type NotificationChannel,
} from '@strikewire/contracts';
import { needsOf, type FieldNeeds } from '../../ui/problem-words';

/** A channel as its form holds it: all texts, of both kinds. */
export interface ChannelForm {
  name: string;
  kind: string;
  minSeverity: string;
  url: string;
  secret: string;
  host: string;
  port: string;
  security: string;
  user: string;
  password: string;
  from: string;
  to: string;
}

const emptyForm: ChannelForm = {
  name: '',
  kind: 'webhook',
  minSeverity: 'warning',
  url: '',
  secret: '',
  host: '',
  port: '465',
  security: 'tls',
  user: '',
  password: '',
  from: '',
  to: '',
};

/** What the form begins with; secrets that are set stay empty, which keeps them. */
export function channelFormOf(channel: NotificationChannel | null): ChannelForm {
  if (!channel) return { ...emptyForm };
  const { name, minSeverity, settings } = channel;
  const form = { ...emptyForm, name, minSeverity, kind: settings.kind };
  if (settings.kind === 'webhook') return { ...form, url: settings.url };
  const { host, port, security, user, from, to } = settings;
  const own = { host, port: String(port), security, user: user ?? '', from, to: to.join(', ') };
  return { ...form, ...own };
}

/** What is sent for a form, or what is missing in it, by the names of its fields. */
export function channelOf(
  form: ChannelForm,
  saved: ChannelSettings | null,
): { channel: NewChannel } | { needs: FieldNeeds } {
  const { name, minSeverity } = form;
  const settings = form.kind === 'webhook' ? webhookOf(form, saved) : emailOf(form, saved);
  const parsed = newChannelSchema.safeParse({ name, minSeverity, settings });
  if (parsed.success) return { channel: parsed.data };
  return { needs: channelNeeds(needsOf(parsed)) };
}

/** Needs by the names that the form has: of `settings.to.1` it is `to`. */
export function channelNeeds(needs: FieldNeeds): FieldNeeds {
  return Object.fromEntries(
    Object.entries(needs).map(([path, need]) => {
      const parts = path.split('.');
      return [(parts[0] === 'settings' ? parts[1] : parts[0]) ?? path, need];
    }),
  );
}

function webhookOf({ url, secret }: ChannelForm, saved: ChannelSettings | null): unknown {
  const isKept = secret === '' && saved?.kind === 'webhook';
  return { kind: 'webhook', url: url.trim(), secret: isKept ? secretMark : secret };
}

function emailOf(form: ChannelForm, saved: ChannelSettings | null): unknown {
  const { host, port, security, user, password, from, to } = form;
  const isKept = password === '' && saved?.kind === 'email' && saved.password !== null;
  return {
    kind: 'email',
    host,
    port: Number(port || NaN),
    security,
    user: user.trim() || null,
    password: isKept && user.trim() ? secretMark : password || null,
    from: from.trim(),
    to: to.split(/[\s,;]+/).filter(Boolean),
  };
}
