import { useEffect, useReducer } from 'preact/hooks';

/** Draws the component again every `everyMs`. */
export function useNow(everyMs: number): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => redraw(undefined), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
