import type { Execution } from '@strikewire/contracts';

type Advice = Execution['advice'];

const words: Readonly<Record<Advice, { text: string; tone: string }>> = {
  ENTER_NOW: { text: 'Enter now', tone: 'good' },
  WAIT: { text: 'Wait', tone: 'late' },
  WAIT_FOR_TIGHTER_SPREAD: { text: 'Wait for a tighter spread', tone: 'late' },
};

export function adviceWords(advice: Advice): { text: string; tone: string } {
  return words[advice];
}
