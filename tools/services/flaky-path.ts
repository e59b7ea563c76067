import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut, as if the server were gone, or drop everything. */
export interface FlakyPath {
  readonly url: string;
  /** Ends all connections; new ones are refused until `restore`. */
  cut(): Promise<void>;
  /** Keeps all connections and takes new ones, and lets nothing through until `restore`. */
  hang(): void;
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Listens in front of the server at `url`, which names its port. */
export async function openFlakyPath(url: string): Promise<FlakyPath> {
  const target = new URL(url);
  const sockets = new Map<Socket, Socket>();
  let isHanging = false;
  const join = (from: Socket, to: Socket): void => {
    sockets.set(from, to);
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (!isHanging) from.pipe(to);
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    join(client, upstream);
    join(upstream, client);
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets.keys()) socket.destroy();
    await once(server, 'close');
  };
  const hang = (): void => {
    isHanging = true;
    for (const [from, to] of sockets) from.unpipe(to);
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const flaky = new URL(url);
  flaky.hostname = '127.0.0.1';
  flaky.port = String(port);
  const restore = async (): Promise<void> => {
    if (!isHanging) return listen(port);
    isHanging = false;
    for (const [from, to] of sockets) from.pipe(to);
  };
  return { url: flaky.href, cut, hang, restore, close: cut };
}
