/** How an item reads; `plain` has no dot. */
export type Tone = 'plain' | 'good' | 'late' | 'bad' | 'off';

export interface StripItem {
  id: string;
  tone: Tone;
  text: string;
  /** Said in full on hover and to screen readers. */
  title: string;
  /** Said before and after it where there is room. */
  lead?: string;
  tail?: string;
  /** The page that says more. */
  to?: string;
  /** Left out where the screen is narrow. */
  isExtra?: boolean;
}
