import type { Role } from '@strikewire/contracts';

/** A page that the rail leads to. */
export interface RailPage {
  name: string;
  label: string;
  /** The line of its sign, in a box of 24. */
  sign: string;
  /** Who sees it. */
  needs: Role;
  /** On a phone it stands in the bar at the bottom; the others are behind "More". */
  isMain?: boolean;
  /** Begins a group. */
  isFirst?: boolean;
}

/** In the order of the rail. */
export const railPages: readonly RailPage[] = [
  {
    name: 'chain',
    label: 'Chain',
    sign: 'M4 6h6M4 12h4M4 18h5M14 6h6M16 12h4M15 18h5M12 3v18',
    needs: 'viewer',
    isMain: true,
  },
  {
    name: 'analytics',
    label: 'Analytics',
    sign: 'M4 4v16h16M8 16V9M12 16v-4M16 16V7',
    needs: 'viewer',
    isMain: true,
  },
  {
    name: 'orders',
    label: 'Orders',
    sign: 'M6 3h12v18l-3-2-3 2-3-2-3 2ZM9 8h6M9 12h6',
    needs: 'trader',
  },
  {
    name: 'risk',
    label: 'Risk',
    sign: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6ZM12 8v5M12 16v.5',
    needs: 'trader',
  },
  {
    name: 'status',
    label: 'Status',
    sign: 'M3 12h4l2.5-7 4 14L16 12h5',
    needs: 'viewer',
    isMain: true,
  },
  {
    name: 'hours',
    label: 'Hours',
    sign: 'M5 5h14v15H5ZM5 9h14M9 3v4M15 3v4M12 12v3l2 1.5',
    needs: 'viewer',
    isFirst: true,
  },
  {
    name: 'accounts',
    label: 'Accounts',
    sign: 'M4 10 12 4l8 6M5 20h14M7 11v6M12 11v6M17 11v6',
    needs: 'admin',
  },
  {
    name: 'failover',
    label: 'Failover',
    sign: 'M4 7h9l-3-3M13 7l-3 3M20 17h-9l3-3M11 17l3 3',
    needs: 'viewer',
  },
  {
    name: 'universe',
    label: 'Universe',
    sign: 'M4 6h10M4 12h16M4 18h7M18 4v4M8 10v4M15 16v4',
    needs: 'viewer',
  },
  {
    name: 'users',
    label: 'Users',
    sign: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3 20a6 6 0 0 1 12 0M16 5a3 3 0 0 1 0 6',
    needs: 'admin',
    isFirst: true,
  },
  {
    name: 'keys',
    label: 'API keys',
    sign: 'M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 12h9M18 12v4M15 12v2.5',
    needs: 'viewer',
  },
  {
    name: 'activity',
    label: 'Activity',
    sign: 'M12 7v5l3 2M4 12a8 8 0 1 0 2.4-5.7L4 8.5M4 4v4.5h4.5',
    needs: 'admin',
  },
  {
    name: 'notifications',
    label: 'Channels',
    sign: 'M4 12 20 5l-4 15-4.5-6L4 12ZM11.5 14 20 5',
    needs: 'admin',
  },
];
