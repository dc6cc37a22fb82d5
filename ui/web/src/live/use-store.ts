import { useEffect, useReducer } from 'preact/hooks';
import type { Store } from './store.ts';

/** The store's value; the component is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => store.listen(() => redraw(undefined)), [store]);
  return store.value;
}
