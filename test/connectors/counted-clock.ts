import { SystemClock } from '../../engine/clock.ts';

/** The clock of the machine; knows how many alarms are waiting. */
export class CountedClock extends SystemClock {
  waiting = 0;

  override after(delayMs: number, callback: () => void): () => void {
    let isOver = false;
    const end = () => {
      if (!isOver) this.waiting -= 1;
      isOver = true;
    };
    this.waiting += 1;
    const cancel = super.after(delayMs, () => {
      end();
      callback();
    });
    return () => {
      end();
      cancel();
    };
  }
}
