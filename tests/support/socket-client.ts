import { serverMessageSchema, type ServerMessage } from '@strikewire/contracts';
import { WebSocket } from 'ws';
import { FrameClient } from './frame-client';

/** A client of `/ws` over a real socket: frames go to a FrameClient, answers to a list. */
export class SocketClient {
  readonly frames = new FrameClient();
  readonly messages: ServerMessage[] = [];
  closed: { code: number; reason: string } | null = null;
  private readonly socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) return this.frames.send(data);
      const message = serverMessageSchema.parse(JSON.parse(data.toString()));
      this.messages.push(message);
      this.frames.send(data.toString());
    });
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on('error', () => {});
  }

  static open(url: string, headers: Record<string, string> = {}): Promise<SocketClient> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { headers });
      socket.once('open', () => resolve(new SocketClient(socket)));
      socket.once('error', reject);
    });
  }

  send(message: unknown): void {
    this.raw(JSON.stringify(message));
  }

  raw(data: string | Uint8Array): void {
    this.socket.send(data);
  }

  errors(): Extract<ServerMessage, { type: 'error' }>[] {
    return this.messages.filter((message) => message.type === 'error');
  }

  close(): void {
    this.socket.terminate();
  }
}
