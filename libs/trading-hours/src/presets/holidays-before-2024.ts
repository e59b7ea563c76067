import type { Holiday } from './holiday';

/** Good Fridays; the other days of this kind have the same date every year. */
const goodFridays = [
  '2015-04-03', '2016-03-25', '2017-04-14', '2018-03-30', '2019-04-19',
  '2020-04-10', '2021-04-02', '2022-04-15', '2023-04-07',
];
const years = goodFridays.map((date) => date.slice(0, 4));

const everyYear: readonly Holiday[] = [
  ...years.map((year): Holiday => [`${year}-01-01`, "New Year's Day", null, 'morning', 'rule']),
  ...years.flatMap((year): Holiday[] => [
    [`${year}-01-26`, 'Republic Day', 'fixed', 'closed', 'fixed'],
    [`${year}-08-15`, 'Independence Day', 'fixed', 'closed', 'fixed'],
    [`${year}-10-02`, 'Mahatma Gandhi Jayanti', 'fixed', 'closed', 'fixed'],
    [`${year}-12-25`, 'Christmas', 'fixed', 'closed', 'fixed'],
  ]),
  ...goodFridays.map((date): Holiday => [date, 'Good Friday', 'fixed', 'closed', 'fixed']),
].filter(([date]) => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()));

/**
 * Days from 2015 to 2023 that are known. The moving holidays of these years are not listed in full:
 * none of them is a verified year.
 */
export const holidaysBefore2024: readonly Holiday[] = [
  ...everyYear,
  ['2015-05-04', 'Buddha Purnima', null, 'evening', 'published'],
  ['2015-12-24', 'Id-E-Milad', null, 'evening', 'published'],
  ['2018-11-23', 'Guru Nanak Jayanti', 'priced', 'evening', 'rule'],
  ['2019-04-29', 'Parliamentary election in Mumbai', 'priced', 'evening', 'rule'],
  ['2019-10-21', 'Maharashtra assembly election', 'priced', 'evening', 'rule'],
  ['2020-04-02', 'Ram Navami; no evening session during the pandemic', 'priced', 'closed',
    'published'],
  ['2020-04-06', 'Mahavir Jayanti; no evening session during the pandemic', 'priced', 'closed',
    'published'],
  ['2020-04-14', 'Dr Babasaheb Ambedkar Jayanti; no evening session during the pandemic', 'priced',
    'closed', 'published'],
  ['2020-05-25', 'Id-ul-Fitr (Ramzan Id)', 'priced', 'evening', 'rule'],
  ['2022-10-26', 'Diwali Balipratipada', 'priced', 'evening', 'published'],
  ['2023-03-30', 'Ram Navami', 'priced', 'evening', 'disputed'],
  ['2023-04-14', 'Dr Babasaheb Ambedkar Jayanti', 'priced', 'evening', 'disputed'],
  ['2023-06-29', 'Bakri Id (Id-ul-Adha), moved from the 28th', 'priced', 'evening', 'published'],
];
