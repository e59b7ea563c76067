import { describe, expect, it } from 'vitest';
import { meOf, routerOf, sessionOf } from '../testing';

async function arrivedAt(path: string, me: ReturnType<typeof meOf> | null): Promise<string> {
  const router = routerOf(sessionOf(me));
  await router.push(path);
  return router.currentRoute.value.fullPath;
}

describe('the way to a page', () => {
  it('leads whoever is not signed in to sign in, and remembers where they went', async () => {
    expect(await arrivedAt('/status', null)).toBe('/sign-in?next=/status');
    expect(await arrivedAt('/activity?actor=a%26b', null)).toBe(
      '/sign-in?next=/activity?actor=a%2526b',
    );
    expect(await arrivedAt('/sign-in?next=/status', null)).toBe('/sign-in?next=/status');
  });

  it('leads from the sign-in page back, and only to a page of ours', async () => {
    expect(await arrivedAt('/sign-in?next=/status', meOf())).toBe('/status');
    expect(await arrivedAt('/sign-in?next=//evil.example', meOf())).toBe('/chain');
    expect(await arrivedAt('/new-password', meOf())).toBe('/chain');
  });

  it('leads whoever has a made-up password to replace it, whatever they want', async () => {
    const given = meOf('admin', { mustChangePassword: true });
    expect(await arrivedAt('/users', given)).toBe('/new-password?next=/users');
    expect(await arrivedAt('/sign-in?next=/users', given)).toBe('/new-password?next=/users');
    expect(await arrivedAt('/new-password', given)).toBe('/new-password');
  });

  it('leaves a page for others open: the page says what it needs', async () => {
    expect(await arrivedAt('/users', meOf('viewer'))).toBe('/users');
  });
});
