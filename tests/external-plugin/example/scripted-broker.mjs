// The broker's side: its answers, its feed, its limits and its faults.
import { Market } from './market.mjs';

const stepMs = 100;
const rules = { requestsPerSecond: 10, sockets: 2, idsPerMessage: 10, idsPerPrices: 20 };
const goodToken = 'a-good-token';
/** Of somebody who has not paid for data. */
const unpaidToken = 'an-unpaid-token';

export class ScriptedBroker {
  violations = 0;
  sockets = new Set();
  faults = new Map();
  times = [];

  constructor(clock, random) {
    this.clock = clock;
    this.random = random;
    this.market = new Market(random);
    this.site = {
      http: (request) => this.http(request),
      socket: (request) => this.handshake(request),
    };
    const step = () => {
      for (const one of this.market.step()) this.tell(one);
      clock.after(stepMs, step);
    };
    clock.after(stepMs, step);
  }

  inject(fault) {
    this.faults.set(fault.kind, fault);
    const ends = ['drop', 'expiredToken', 'suspended'].includes(fault.kind);
    if (ends) for (const { socket } of [...this.sockets]) socket.terminate();
  }

  refusal({ headers, path }) {
    const token = headers['x-token'];
    const isKnown = token === goodToken || token === unpaidToken;
    if (!isKnown || this.faults.has('expiredToken')) return 401;
    const isServed = token === goodToken || path === '/me';
    return this.faults.has('suspended') || !isServed ? 403 : undefined;
  }

  http(request) {
    const { path } = request;
    if (path === '/instruments') return json(this.list());
    this.countRequest();
    const fault = this.faults;
    if (fault.has('hang')) return new Promise(() => {});
    if (fault.has('html')) return { status: 502, body: '<html></html>' };
    if (fault.has('empty')) return { status: 200 };
    const status = fault.get('status')?.status ?? this.refusal(request);
    return status === undefined ? this.answer(request) : { status, body: '{}' };
  }

  countRequest() {
    const now = this.clock.monoMs();
    this.times = [...this.times.filter((at) => now - at < 1_000), now];
    if (this.times.length > rules.requestsPerSecond) this.violations++;
  }

  answer({ path, query, headers }) {
    const [symbol, expiry] = [query.get('symbol') ?? '', query.get('expiry') ?? ''];
    const { market } = this;
    if (path === '/me') {
      return json({ login: 'somebody', data: headers['x-token'] === goodToken });
    }
    if (path === '/prices') return json({ prices: this.prices(query.get('ids').split(',')) });
    const listed = market.expiries.get(symbol);
    const odd = this.faults.get('listExpiries');
    if (path === '/expiries' && listed) return json({ expiries: odd?.expiries ?? listed });
    const rows = market.chains.get(`${symbol} ${expiry}`);
    if (path !== '/chain' || !rows) return { status: 404, body: '{}' };
    const { spotId } = market.underlyings.find((one) => one.symbol === symbol);
    const spot = market.instruments.get(spotId).ltp / 100;
    return json({ spot, rows: rows.map(({ strikePaise, CE, PE }) =>
      ({ strike: strikePaise / 100, CE: rupees(CE), PE: rupees(PE) })) });
  }

  prices(ids) {
    if (ids.length > rules.idsPerPrices) this.violations++;
    const known = ids.map((id) => this.market.instruments.get(Number(id))).filter(Boolean);
    return Object.fromEntries(known.map(({ id, ltp }) => [id, ltp / 100]));
  }

  list() {
    const { underlyings, chains } = this.market;
    const options = [...chains].flatMap(([key, strikes]) => {
      const [symbol, expiry] = key.split(' ');
      const { exchange, lot } = underlyings.find((one) => one.symbol === symbol);
      return strikes.flatMap(({ strikePaise, CE, PE }) => [['CE', CE], ['PE', PE]].map(
        ([type, { id }]) => ({
          id, exchange, symbol, expiry, strike: strikePaise / 100, type, lot, tick: 0.05,
          name: `${symbol}-${expiry}-${strikePaise / 100}-${type}`,
        })));
    });
    return { underlyings, contracts: [...options, ...this.futures()] };
  }

  futures() {
    return this.market.underlyings.flatMap(({ exchange, symbol, lot }) =>
      this.market.futures.get(symbol).map(({ id, expiry }) => ({
        id, exchange, symbol, expiry, type: 'FUT', lot, tick: 0.05,
        name: `${symbol}-${expiry}-FUT`,
      })));
  }

  handshake(request) {
    const refuse = this.faults.get('refuse')?.status ?? this.refusal(request);
    if (refuse !== undefined) return { refuse };
    if (this.sockets.size >= rules.sockets) this.violations++;
    return { accept: (socket) => this.serve(socket) };
  }

  serve(socket) {
    const served = { socket, ids: new Set(), late: undefined };
    this.sockets.add(served);
    return {
      message: (bytes) => {
        const [word, text] = new TextDecoder().decode(bytes).split(' ');
        const ids = text.split(',').map(Number);
        if (ids.length > rules.idsPerMessage) this.violations++;
        for (const id of ids) served.ids[word === 'on' ? 'add' : 'delete'](id);
      },
      closed: () => void this.sockets.delete(served),
    };
  }

  tell(one) {
    for (const served of this.sockets) {
      if (served.ids.has(one.id) && !this.faults.has('mute')) this.send(served, frameOf(one));
    }
  }

  send(served, frame) {
    const { socket } = served;
    const isHit = this.random.next() < 0.3;
    if (isHit && this.faults.has('corrupt')) socket.send(frame.slice(0, 20));
    if (isHit && this.faults.has('torn')) {
      socket.send(frame.slice(0, 9));
      socket.send(frame.slice(9));
    } else if (isHit && this.faults.has('late')) {
      this.clock.after(400, () => socket.send(frame));
    } else {
      socket.send(frame);
      if (this.faults.has('duplicate')) socket.send(frame);
    }
  }
}

const json = (body) => ({ status: 200, body: JSON.stringify(body) });

const rupees = ({ ltp, bid, ask, ...rest }) =>
  ({ ...rest, ltp: ltp / 100, bid: bid / 100, ask: ask / 100 });

function frameOf({ id, ltp, volume, oi, bid, bidQty, ask, askQty }) {
  const frame = new Uint8Array(33);
  const view = new DataView(frame.buffer);
  view.setUint8(0, 7);
  [id, ltp, volume, oi, bid, bidQty, ask, askQty].forEach((value, index) =>
    view.setUint32(1 + 4 * index, value));
  return frame;
}
