import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** Whether the window is too narrow for a week; ends with the component. */
export function useNarrow(): Readonly<ShallowRef<boolean>> {
  const query = window.matchMedia('(max-width: 720px)');
  const isNarrow = shallowRef(query.matches);
  const told = (): void => void (isNarrow.value = query.matches);
  query.addEventListener('change', told);
  onScopeDispose(() => query.removeEventListener('change', told));
  return isNarrow;
}
