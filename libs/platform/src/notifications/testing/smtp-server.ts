import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** One mail as it came over the line. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Head and body. */
  readonly data: string;
  /** `user password`, when it was given. */
  readonly login: string;
}

/** A mail server on a port of 127.0.0.1. */
export interface SmtpServer {
  readonly port: number;
  readonly mails: ReceivedMail[];
  close(): void;
}

/** Speaks as much SMTP as one mail takes; `refuse` is answered to the mail's end instead of 250. */
export async function startSmtpServer({ refuse = '' } = {}): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket, refuse, (mail) => mails.push(mail));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port, mails, close };
}

function serve(socket: Socket, refuse: string, take: (mail: ReceivedMail) => void): void {
  const mail = { from: '', to: [] as string[], data: '', login: '' };
  let isData = false;
  let buffered = '';
  const answer = (line: string): void => void socket.write(`${line}\r\n`);
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return answer('250-test\r\n250 AUTH PLAIN');
    if (verb === 'AUTH') {
      const [, user, password] = Buffer.from(line.slice(11), 'base64').toString().split('\0');
      mail.login = `${user} ${password}`;
      return answer('235 welcome');
    }
    if (verb === 'MAIL') mail.from = line;
    if (verb === 'RCPT') mail.to.push(line);
    if (verb === 'DATA') {
      isData = true;
      return answer('354 go on');
    }
    answer(verb === 'QUIT' ? '221 bye' : '250 ok');
  };
  answer('220 test');
  socket.on('data', (chunk: Buffer) => {
    buffered += chunk.toString();
    for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 2);
      if (!isData) command(line);
      else if (line !== '.') mail.data += `${line}\n`;
      else {
        isData = false;
        if (refuse === '') take({ ...mail, to: [...mail.to] });
        answer(refuse === '' ? '250 taken' : refuse);
      }
    }
  });
}
