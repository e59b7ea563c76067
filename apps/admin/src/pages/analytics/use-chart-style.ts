import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { ChartStyle } from './chart-parts';

/** Colours and type of the theme, renewed when it changes. Ends with the calling component. */
export function useChartStyle(
  root: HTMLElement = document.documentElement,
): ShallowRef<ChartStyle> {
  const style = shallowRef(readStyle(root));
  const observer = new MutationObserver(() => (style.value = readStyle(root)));
  observer.observe(root, { attributeFilter: ['class'] });
  onScopeDispose(() => observer.disconnect());
  return style;
}

function readStyle(root: HTMLElement): ChartStyle {
  const computed = getComputedStyle(root);
  const read = (name: string): string => computed.getPropertyValue(`--${name}`).trim();
  return {
    font: read('font'),
    text: read('text'),
    text2: read('text-2'),
    text3: read('text-3'),
    line: read('line'),
    panel: read('panel'),
    raised: read('raised'),
    ce: read('ce'),
    pe: read('pe'),
    accent: read('accent'),
  };
}
