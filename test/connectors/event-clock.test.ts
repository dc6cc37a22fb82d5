import { describe, expect, it } from 'vitest';
import { EventClock } from '../../connectors/event-clock.ts';
import { ManualClock } from '../manual-clock.ts';

const START = 1_766_400_000_000;

function opened(notBefore = 0): { clock: ManualClock; events: EventClock } {
  const clock = new ManualClock(START);
  const events = new EventClock(clock);
  events.open(notBefore);
  return { clock, events };
}

describe('event time', () => {
  it('is when the packet came, not when its picture was decoded', () => {
    const { clock, events } = opened();
    clock.advance(5000);
    expect(events.at(4900)).toEqual({ time: START + 4900, delayMs: 100 });
  });

  it('begins not before a time that the camera has passed, and runs on from there', () => {
    const { clock, events } = opened(START + 60_000);
    clock.advance(250);
    expect(events.now()).toBe(START + 60_250);
    expect(events.correction()).toBe(0);
  });

  it('follows a clock that is set forward, and tells it once', () => {
    const { clock, events } = opened();
    clock.set(START + 3_600_000);
    expect(events.now()).toBe(START);
    expect(events.correction()).toBe(3_600_000);
    expect(events.now()).toBe(START + 3_600_000);
    clock.advance(1000);
    expect(events.correction()).toBe(0);
  });

  it('runs on when the clock is set back, and tells that once as well', () => {
    const { clock, events } = opened();
    clock.advance(10_000);
    clock.set(START - 3_600_000);
    expect(events.correction()).toBe(-3_610_000);
    clock.advance(1000);
    expect(events.now()).toBe(START + 11_000);
    expect(events.correction()).toBe(0);
  });

  it('tells when a clock that was set back is set right again', () => {
    const { clock, events } = opened();
    clock.set(START - 60_000);
    events.correction();
    clock.set(START);
    expect(events.correction()).toBe(60_000);
    expect(events.now()).toBe(START);
  });

  it('does not tell of a correction of a second', () => {
    const { clock, events } = opened();
    clock.set(START + 1000);
    expect(events.correction()).toBe(0);
  });

  it('does not move a frame when the clock is set while it is decoded', () => {
    const { clock, events } = opened();
    clock.advance(1000);
    expect(events.at(950).time).toBe(START + 950);
    clock.advance(100);
    clock.set(START - 3_600_000);
    expect(events.at(1050)).toEqual({ time: START + 1050, delayMs: 50 });
  });
});
