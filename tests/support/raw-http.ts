import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/**
 * Sends exactly this text to the server of an address, and reads until it closes: a server that
 * has answered without reading everything may do so by a reset.
 */
export function sendRaw(url: string, text: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let received = '';
    let failure: Error | undefined;
    socket.on('data', (chunk) => (received += chunk));
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      if (failure && received === '') return reject(failure);
      const [head = '', body = ''] = received.split('\r\n\r\n');
      resolve({ status: Number(head.split(' ')[1]), head, body });
    });
  });
}

/** A GET of a path as it is written, which `fetch` would tidy up first. */
export function getRaw(url: string, path: string): Promise<RawAnswer> {
  return sendRaw(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
}
