import type { ChannelSettings } from '@strikewire/contracts';
import { errorMessageOf, StrikewireError } from '@strikewire/runtime';
import { createTransport } from 'nodemailer';
import type { Dispatch } from './news';

/** Settings of a channel that is e-mail. */
export type MailSettings = Extract<ChannelSettings, { kind: 'email' }>;

/** Sends one message; rejects (`retryable`) unless the server took it. */
export type SendMail = (settings: MailSettings, dispatch: Dispatch) => Promise<void>;

const timeoutMs = 10_000;
const reasonCharsMax = 300;

/** Sends over SMTP, one connection for each message. */
export const sendMailOverSmtp: SendMail = async (settings, dispatch) => {
  const { host, port, security, user, password, from, to } = settings;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === null || password === null ? {} : { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const answer = await transport.sendMail({
      from: { name: 'Strikewire', address: from },
      to: to.map((address) => ({ name: '', address })),
      subject: `[${dispatch.severity}] ${dispatch.title}`,
      text: textOf(dispatch),
      messageId: `<${dispatch.id}@strikewire>`,
      headers: { 'X-Strikewire-Delivery': dispatch.id, 'Auto-Submitted': 'auto-generated' },
    });
    if (answer.rejected.length > 0) {
      throw new Error(`${answer.rejected.length} of ${to.length} addresses were refused`);
    }
  } catch (error) {
    throw new StrikewireError({
      kind: 'retryable',
      code: 'mail_refused',
      message: `${host}:${port}: ${errorMessageOf(error).slice(0, reasonCharsMax)}`,
    });
  } finally {
    transport.close();
  }
};

function textOf({ at, kind, text, details }: Dispatch): string {
  const more = Object.keys(details).length > 0 ? `\n\n${JSON.stringify(details, null, 2)}` : '';
  return `${text}\n\n${kind}, ${at}${more}\n`;
}
