import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { FrameCache, socketFrame } from './socket-frame-encoder';

describe('a message as a frame', () => {
  it.each([
    ['ä', '8102c3a4'],
    [new Uint8Array([1, 2, 3]), '8203010203'],
    ['', '8100'],
  ])('%j is %s', (data, hex) => {
    expect(socketFrame(data).toString('hex')).toBe(hex);
  });

  it.each([
    [125, '827d'],
    [126, '827e007e'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
  ])('of %i bytes begins with %s', (length, hex) => {
    const frame = socketFrame(new Uint8Array(length).fill(7));
    expect(frame.subarray(0, hex.length / 2).toString('hex')).toBe(hex);
    expect(frame.subarray(hex.length / 2).equals(Buffer.alloc(length, 7))).toBe(true);
  });

  it('is what a client reads, whatever its length', async () => {
    const sent = [0, 1, 125, 126, 65_535, 65_536, 200_000].flatMap((length) => [
      'x'.repeat(length), new Uint8Array(length).fill(9),
    ]);
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    server.on('connection', (socket) => {
      const { _socket: stream } = socket as unknown as { _socket: Duplex };
      for (const data of sent) stream.write(socketFrame(data));
      socket.close();
    });
    await once(server, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const read: (string | Uint8Array)[] = [];
    client.on('message', (data: Buffer, isBinary) =>
      read.push(isBinary ? Uint8Array.from(data) : data.toString()),
    );
    await once(client, 'close');
    server.close();
    expect(read).toEqual(sent);
  });
});

describe('FrameCache', () => {
  it('gives the same bytes for the same message, and forgets old ones', () => {
    const cache = new FrameCache();
    const data = new Uint8Array([1, 2]);
    const frame = cache.frameOf(data);
    expect(cache.frameOf(data)).toBe(frame);
    expect(cache.frameOf(new Uint8Array([1, 2]))).not.toBe(frame);
    for (let count = 0; count < 8; count++) cache.frameOf(`other ${count}`);
    expect(cache.frameOf(data)).not.toBe(frame);
    expect(cache.frameOf(data)).toEqual(frame);
  });
});
