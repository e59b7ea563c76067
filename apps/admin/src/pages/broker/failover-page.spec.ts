import type { Failover, FailoverHistory, Readiness, Role } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import { defineComponent, h, shallowRef } from 'vue';
import { RouterView } from 'vue-router';
import { servicesKey } from '../../services';
import { statusKey } from '../../shell/status-key';
import { meOf, routerOf, servicesOf, statusOf } from '../../testing';
import { failoverAccountOf, failoverOf } from './testing';

const event: FailoverHistory['events'][number] = {
  id: '7',
  at: '2026-11-23T09:42:07+05:30',
  level: 3,
  cause: 'broker_down',
  reason: '6 requests in a row were not answered',
  from: ['North A', 'North B'],
  to: ['South C'],
  durationMs: 1_340,
  contracts: 12_400,
  withoutFeed: 8_400,
};
const usual: Readiness = {
  nextOpen: '2026-11-24T09:15:00+05:30',
  items: [
    { name: 'Hours', state: 'ok', message: 'known up to 31 Dec 2026' },
    { name: 'Token of North A', state: 'failed', message: 'ends at 08:00, before the open' },
  ],
};

/** Stands for the dialog around a form. */
const box = defineComponent({
  props: { title: { type: String, default: '' } },
  setup: (props, { slots }) => () =>
    h('div', { role: 'dialog', 'aria-label': props.title }, slots['default']?.()),
});

const open: VueWrapper[] = [];
afterEach(() => open.splice(0).forEach((wrapper) => wrapper.unmount()));

async function opened(options: {
  role?: Role;
  failover?: Failover;
  history?: FailoverHistory;
  readiness?: Readiness;
  refuse?: StrikewireError;
}) {
  const { role = 'admin', history = { events: [event] }, readiness = usual, refuse } = options;
  let failover = options.failover ?? failoverOf();
  const sent: unknown[][] = [];
  const act = (name: string) => async (...given: unknown[]): Promise<Failover> => {
    sent.push([name, ...given]);
    if (refuse) throw refuse;
    return failover;
  };
  const services = servicesOf({}, {
    me: meOf(role),
    api: {
      failover: {
        read: async () => failover,
        history: async () => history,
        readiness: async () => readiness,
        order: act('order'),
        force: act('force'),
        drain: act('drain'),
      },
    },
  });
  const status = { data: shallowRef(statusOf()), error: shallowRef(null) };
  const router = routerOf(services.session);
  await router.push('/failover');
  const wrapper = mount(RouterView, {
    attachTo: document.body,
    global: {
      plugins: [router],
      provide: {
        [servicesKey as symbol]: services,
        [statusKey as symbol]: { ...status, atMonoMs: shallowRef(0), refresh: () => undefined },
      },
      stubs: { ElDialog: box },
    },
  });
  open.push(wrapper);
  await flushPromises();
  const handle = (label: string) => wrapper.get(`button[aria-label^='Move ${label}, place']`);
  const button = (text: string) => {
    const found = wrapper.findAll('button').find((one) => one.text() === text);
    if (!found) throw new Error(`there is no button ${text}`);
    return found;
  };
  return {
    wrapper,
    sent,
    handle,
    button,
    names: () => wrapper.findAll('li.account h3').map((one) => one.text()),
    text: () => wrapper.text().replace(/\s+/g, ' '),
    async next(changes: Partial<Failover>) {
      failover = failoverOf(changes);
      await (services.clock as VirtualClock).advance(2_000);
      await flushPromises();
    },
  };
}

it('shows accounts in their order, and nothing that nobody has to know', async () => {
  const page = await opened({});
  expect(page.names()).toEqual(['North A', 'North B', 'South C']);
  const [first, , third] = page.wrapper.findAll('li.account').map((one) => one.text());
  for (const told of ['primary', 'carries', '4 of 4', '12,400 of 20,000', '8,412', '99.9%']) {
    expect(first).toContain(told);
  }
  expect(third).toContain('observes');
  expect(page.wrapper.find('.banner').exists()).toBe(false);
  expect(page.text()).toContain('as wished');
});

it('shows the full books of an account that is asked for them', async () => {
  const depth = { state: 'live' as const, reason: null, books: 3, max: 50 };
  const accounts = [
    failoverAccountOf('North A', { role: 'carrier', depth }), failoverAccountOf('North B'),
  ];
  const page = await opened({ failover: failoverOf({ accounts }) });
  const [first, second] = page.wrapper.findAll('li.account')
    .map((one) => one.text().replace(/\s+/g, ' '));
  expect(first).toContain('Full books 3 of 50');
  expect(second).not.toContain('Full books');
});

it('says what has changed hands, and what is not ready, the worst first', async () => {
  const page = await opened({});
  const table = page.wrapper.get('[aria-labelledby=history]').text().replace(/\s+/g, ' ');
  expect(table).toContain('Broker down 6 requests in a row were not answered');
  expect(table).toContain('North A and North B to South C');
  for (const told of ['1.3 s', '12,400', '8,400', '09:42:07']) expect(table).toContain(told);
  const checks = page.wrapper.findAll('[aria-label=Checks] b').map((one) => one.text());
  expect(checks).toEqual(['Token of North A', 'Hours']);
  expect(page.text()).toContain('1 thing to look at. Opens 24 Nov 09:15');
});

it('shows what is ready only to whoever wants to see it', async () => {
  const ready = Array.from({ length: 5 }, (_, at) => (
    { name: `Check ${at}`, state: 'ok' as const, message: 'good until 2026-11-24T03:30:00+05:30' }
  ));
  const page = await opened({ readiness: { nextOpen: null, items: ready } });
  expect(page.text()).toContain('Everything is ready. No open is known.');
  expect(page.wrapper.findAll('[aria-label=Checks] li')).toHaveLength(0);
  await page.button('Show 5 checks that are ready').trigger('click');
  const checks = page.wrapper.findAll('[aria-label=Checks] li').map((one) => one.text());
  expect(checks).toHaveLength(5);
  expect(checks[0]).toContain('good until 24 Nov 03:30');
});

it('says that nothing has changed hands yet', async () => {
  const page = await opened({ history: { events: [] } });
  expect(page.text()).toContain('Nothing has changed hands yet');
});

it('tells at once when another account carries', async () => {
  const page = await opened({});
  const lost = failoverAccountOf('North A', { primary: true, role: 'resting', standing: 'lost' });
  const next = failoverAccountOf('North B', { role: 'carrier' });
  await page.next({ level: 2, accounts: [lost, next] });
  expect(page.wrapper.get('.banner').text()).toContain('Another account carries the data');
  expect(page.names()).toEqual(['North A', 'North B']);
});

it('is ordered by keyboard, said aloud, and saved', async () => {
  const page = await opened({});
  const said = () => page.wrapper.get('[aria-live=assertive]').text();
  expect(page.wrapper.find("button[aria-label^='Move North A']").exists()).toBe(false);
  await page.handle('South C').trigger('click');
  expect(said()).toContain('South C is grabbed at place 3 of 3');
  await page.handle('South C').trigger('keydown', { key: 'ArrowUp' });
  await page.handle('South C').trigger('keydown', { key: 'ArrowUp' });
  expect(page.names()).toEqual(['North A', 'South C', 'North B']);
  expect(document.activeElement?.getAttribute('aria-label')).toContain('Move South C');
  await page.handle('South C').trigger('click');
  expect(said()).toContain('South C is dropped at place 2 of 3');
  await page.button('Save the order').trigger('click');
  await flushPromises();
  expect(page.sent).toEqual([['order', ['north-a', 'south-c', 'north-b']]]);
  const [a, b, c] = failoverOf().accounts;
  if (!a || !b || !c) throw new Error('there are three accounts');
  await page.next({ isOrdered: true, accounts: [a, c, b] });
  expect(page.names()).toEqual(['North A', 'South C', 'North B']);
  expect(page.text()).toContain('ordered by hand');
  await page.button('Order by itself').trigger('click');
  await flushPromises();
  expect(page.sent[1]).toEqual(['order', []]);
});

it('goes back on escape, and as a whole when it is taken back', async () => {
  const page = await opened({});
  await page.handle('North B').trigger('click');
  await page.handle('North B').trigger('keydown', { key: 'ArrowDown' });
  expect(page.names()).toEqual(['North A', 'South C', 'North B']);
  await page.handle('North B').trigger('keydown', { key: 'Escape' });
  expect(page.names()).toEqual(['North A', 'North B', 'South C']);
  await page.wrapper.get("[aria-label='Move North B down']").trigger('click');
  expect(page.names()).toEqual(['North A', 'South C', 'North B']);
  expect(page.text()).toContain('not saved');
  await page.button('Take back').trigger('click');
  expect(page.names()).toEqual(['North A', 'North B', 'South C']);
  expect(page.sent).toEqual([]);
});

it('keeps an order that is not saved when accounts come and go', async () => {
  const page = await opened({});
  await page.wrapper.get("[aria-label='Move South C up']").trigger('click');
  const accounts = failoverOf().accounts.filter(({ label }) => label !== 'North B');
  await page.next({ accounts: [...accounts, failoverAccountOf('D')] });
  expect(page.names()).toEqual(['North A', 'South C', 'D']);
});

it('says why an order was refused, and keeps it', async () => {
  const message = 'accounts names nobody';
  const refuse = new StrikewireError({ kind: 'invalid', code: 'x', message });
  const page = await opened({ refuse });
  await page.wrapper.get("[aria-label='Move South C up']").trigger('click');
  await page.button('Save the order').trigger('click');
  await flushPromises();
  expect(page.text()).toContain('Accounts names nobody.');
  expect(page.names()).toEqual(['North A', 'South C', 'North B']);
});

it('switches after it is said what that does', async () => {
  const page = await opened({});
  await page.wrapper.get("[aria-label='Switch here, to South C']").trigger('click');
  const dialog = page.wrapper.get('[role=dialog]').text().replace(/\s+/g, ' ');
  expect(dialog).toContain('The data of 12,400 contracts move from North A to South C.');
  expect(dialog).toContain('There is room for 4,000 there. The other 8,400');
  await page.wrapper.get('[role=dialog] form').trigger('submit');
  await flushPromises();
  expect(page.sent).toEqual([['force', 'south-c']]);
  await page.next({ forced: 'south-c' });
  await page.button('End the switch').trigger('click');
  await page.wrapper.get('[role=dialog] form').trigger('submit');
  await flushPromises();
  expect(page.sent[1]).toEqual(['force', null]);
});

it('drains and puts back; the last one only when its name is typed', async () => {
  const page = await opened({});
  await page.wrapper.get("[aria-label='Drain North A']").trigger('click');
  expect(page.wrapper.find('[role=dialog] input').exists()).toBe(false);
  await page.wrapper.get('[role=dialog] form').trigger('submit');
  await flushPromises();
  const only = failoverAccountOf('North A', { primary: true, role: 'carrier' });
  await page.next({ accounts: [only, failoverAccountOf('North B', { role: 'drained' })] });
  await page.wrapper.get("[aria-label='Put back North B']").trigger('click');
  await page.wrapper.get('[role=dialog] form').trigger('submit');
  await flushPromises();
  expect(page.sent).toEqual([['drain', 'north-a', true], ['drain', 'north-b', false]]);
  await page.wrapper.get("[aria-label='Drain North A']").trigger('click');
  await page.wrapper.get('[role=dialog] form').trigger('submit');
  expect(page.sent).toHaveLength(2);
  await page.wrapper.get('[role=dialog] input').setValue('North A');
  await page.wrapper.get('[role=dialog] form').trigger('submit');
  await flushPromises();
  expect(page.sent[2]).toEqual(['drain', 'north-a', true]);
});

it('shows viewers the same, with nothing to press', async () => {
  const page = await opened({ role: 'viewer' });
  expect(page.names()).toEqual(['North A', 'North B', 'South C']);
  expect(page.wrapper.findAll('button')).toHaveLength(0);
});
