import type { StreamData } from './stream-view';

/** A client as the hubs see it. What is sent must not be changed afterwards. */
export interface StreamClient {
  send(data: StreamData): void;
  bufferedBytes(): number;
  /** Ends the connection: code 1013, try again later. */
  cut(reason: string): void;
  /** What is sent until `uncork` goes out in one write. */
  cork?(): void;
  uncork?(): void;
}
