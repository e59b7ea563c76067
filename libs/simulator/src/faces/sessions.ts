import type { MuteOptions, Outlet } from './outlet';

/**
 * Which connections a fault is aimed at: all of them, those of full books, those of order news, or
 * the nth oldest of the feed, counted from 1.
 */
export type SocketAim = 'all' | 'depth' | 'orders' | number;

/** A connection of a client. */
export interface Session {
  readonly clientId: string;
  readonly outlet: Outlet;
}

/** The open connections of a face, oldest first. */
export class Sessions<S extends Session> {
  private readonly list: S[] = [];

  get all(): readonly S[] {
    return this.list;
  }

  add(session: S): void {
    this.list.push(session);
  }

  has(session: S): boolean {
    return this.list.includes(session);
  }

  /** Whether it was there. */
  remove(session: S): boolean {
    const index = this.list.indexOf(session);
    if (index < 0) return false;
    this.list.splice(index, 1);
    session.outlet.ended();
    return true;
  }

  /** Of a client, or of all. */
  of(clientId: string | undefined): S[] {
    return this.list.filter((one) => clientId === undefined || one.clientId === clientId);
  }

  aimedAt(aim: SocketAim): S[] {
    if (aim === 'all') return [...this.list];
    if (aim === 'depth' || aim === 'orders') return [];
    const session = this.list[aim - 1];
    return session ? [session] : [];
  }

  mute(aim: SocketAim, how: MuteOptions): void {
    for (const { outlet } of this.aimedAt(aim)) outlet.mute(how);
  }

  unmuteAll(): void {
    for (const { outlet } of [...this.list]) outlet.unmute();
  }
}
