import { describe, expect, it } from 'vitest';
import { clientMessageSchema } from './client-messages';
import { socketLimits } from './socket-limits';

const subscribe = (more: object): unknown => ({ type: 'subscribe', ...more });
const key = 'NSE:NIFTY:2026-11-24:24500:CE';

describe('what a client may send', () => {
  it.each([
    subscribe({ channel: 'chain', underlying: 'nifty', encoding: 'binary' }),
    subscribe({ channel: 'greeks', underlying: 'NIFTY', expiry: '2026-11-24', id: 'a' }),
    subscribe({ channel: 'pcr', underlying: 'M&M', id: 0 }),
    subscribe({ channel: 'quotes', keys: [key, 'BSE:SENSEX', 'NSE:X:2026-11-24:1012.5:PE'] }),
    subscribe({ channel: 'status' }),
    subscribe({ channel: 'alerts', after: { epoch: 'x', sequence: 7 } }),
    subscribe({ channel: 'orders' }),
    { type: 'unsubscribe', stream: 4 },
    { type: 'resync', stream: 4 },
    { type: 'ping' },
  ])('%j', (message) => {
    expect(clientMessageSchema.safeParse(message).error).toBeUndefined();
  });

  it.each([
    [subscribe({ channel: 'nothing' }), 'channel'],
    [subscribe({ channel: 'greeks' }), 'underlying'],
    [subscribe({ channel: 'pcr', underlying: 'NIFTY', expiry: 'soon' }), 'expiry'],
    [subscribe({ channel: 'greeks', underlying: 'NIFTY', encoding: 'binary' }), 'encoding'],
    [subscribe({ channel: 'quotes' }), 'keys'],
    [subscribe({ channel: 'quotes', keys: [] }), 'keys'],
    [subscribe({ channel: 'quotes', keys: Array(socketLimits.quotesMax + 1).fill(key) }), 'keys'],
    [subscribe({ channel: 'quotes', keys: [key, 'NIFTY'] }), 'keys.1'],
    [subscribe({ channel: 'alerts', after: { epoch: 'x' } }), 'after.sequence'],
    [subscribe({ channel: 'orders', after: { epoch: 'x', sequence: -1 } }), 'after.sequence'],
    [{ type: 'resync' }, 'stream'],
    [{ type: 'explode' }, 'type'],
  ])('not %j, and the field at fault is named', (message, field) => {
    const { error } = clientMessageSchema.safeParse(message);
    expect(error?.issues.map(({ path }) => path.join('.'))).toContain(field);
  });
});
