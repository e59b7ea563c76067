import type { Role } from '@strikewire/contracts';

/** The roles in plain words; each includes those before it. */
export const roleChoices: readonly { value: Role; label: string; help: string }[] = [
  { value: 'viewer', label: 'Viewer', help: 'Sees chains, analytics and status; changes nothing.' },
  { value: 'trader', label: 'Trader', help: 'A viewer who may trade the accounts given to them.' },
  {
    value: 'admin',
    label: 'Admin',
    help: 'A trader who manages users, accounts and channels and sees all activity.',
  },
];
