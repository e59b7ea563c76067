import type { ChannelSettings } from '@strikewire/contracts';

export const kindChoices = [
  { value: 'webhook', label: 'Webhook', help: 'For chats and programs: a signed POST.' },
  { value: 'email', label: 'E-mail', help: 'Through your mail server.' },
] as const;

export const severityChoices = [
  { value: 'info', label: 'Everything', help: 'Also what is good to know.' },
  { value: 'warning', label: 'Warnings and worse', help: 'What needs somebody today.' },
  { value: 'critical', label: 'Only what is critical', help: 'What needs somebody now.' },
] as const;

export const securityChoices = [
  { value: 'tls', label: 'TLS from the start', help: 'Usually port 465.' },
  { value: 'starttls', label: 'STARTTLS', help: 'Usually port 587; refused without encryption.' },
  { value: 'none', label: 'None', help: 'Only for a mail server on this machine.' },
] as const;

/** Where a channel goes, in a line. */
export function channelTarget(settings: ChannelSettings): string {
  if (settings.kind === 'email') return settings.to.join(', ');
  return URL.canParse(settings.url) ? new URL(settings.url).host : settings.url;
}
