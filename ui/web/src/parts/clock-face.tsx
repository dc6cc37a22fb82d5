import { useApp } from '../app-context.ts';
import { useNow } from '../use-now.ts';
import { timeWords, zoneWords } from '../words.ts';

/** The time by the server's clock, with the zone that every time on the page is in. */
export function ClockFace() {
  const { live } = useApp();
  useNow(1000);
  const now = live.now;
  return (
    <time class="clock number">
      {timeWords(now)} <span class="zone">{zoneWords(now)}</span>
    </time>
  );
}
