import { describe, expect, it } from 'vitest';
import { type CameraAction, type CameraEvent, type CameraMachine, newMachine, step } from '../../connectors/camera-machine.ts';
import type { Cause } from '../../connectors/camera-status.ts';

/** A machine with time stepped by hand. `random` 0.5 is no jitter. */
class Stepped {
  machine: CameraMachine = newMachine(0);
  nowMs = 0;
  readonly told: string[] = [];
  private readonly random: () => number;

  constructor(random: () => number = () => 0.5) {
    this.random = random;
  }

  happens(event: CameraEvent): readonly CameraAction[] {
    const { machine, actions } = step(this.machine, event, this.nowMs, this.random());
    this.machine = machine;
    for (const action of actions) this.told.push(`${this.nowMs} ${action.type}${action.type === 'down' ? ` ${action.reason.cause}` : ''}`);
    return actions;
  }

  ended(cause: Cause = 'refused'): void {
    this.happens({ type: 'ended', reason: { cause, detail: cause } });
  }

  /** Ticks every 250 ms; `each` after every tick. */
  pass(ms: number, each: () => void = () => undefined): void {
    for (const end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs += 250;
      this.happens({ type: 'tick' });
      each();
    }
  }

  running(): this {
    this.happens({ type: 'start' });
    this.happens({ type: 'packet' });
    this.happens({ type: 'frame' });
    return this;
  }

  /** Packets and frames at a rate, as time passes. */
  stream(ms: number, intervalMs: number): void {
    let next = this.nowMs + intervalMs;
    this.pass(ms, () => {
      for (; next <= this.nowMs; next += intervalMs) {
        this.happens({ type: 'packet' });
        this.happens({ type: 'frame' });
      }
    });
  }
}

/** How long it waits after each of the given failures in a row. */
function waits(cause: Cause, failures: number, random?: () => number): number[] {
  const camera = new Stepped(random);
  camera.happens({ type: 'start' });
  return Array.from({ length: failures }, () => {
    camera.ended(cause);
    const waitMs = (camera.machine.nextTryMs as number) - camera.nowMs;
    camera.nowMs += waitMs;
    camera.happens({ type: 'tick' });
    return waitMs;
  });
}

describe('a camera that refuses', () => {
  it('is asked again after 1, 2, 4 … 60 s', () => {
    expect(waits('refused', 9)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('is asked within 20 % of that, by chance', () => {
    expect(waits('refused', 3, () => 0)).toEqual([800, 1600, 3200]);
    expect(waits('refused', 3, () => 1)).toEqual([1200, 2400, 4800]);
  });

  it('says so each time, so that a change of cause can be told', () => {
    const camera = new Stepped();
    camera.happens({ type: 'start' });
    camera.ended();
    expect(camera.told).toEqual(['0 open', '0 down refused']);
    expect(camera.machine.state).toBe('backing-off');
  });
});

describe('a camera whose password is wrong', () => {
  it.each(['authentication', 'not-found', 'redirect', 'codec'] as const)('is soon asked only every five minutes: %s', (cause) => {
    expect(waits(cause, 5)).toEqual([1000, 2000, 300_000, 300_000, 300_000]);
  });
});

describe('a camera that starts', () => {
  it('has failed when no packet came in 15 s', () => {
    const camera = new Stepped();
    camera.happens({ type: 'start' });
    camera.pass(15_000);
    expect(camera.machine.state).toBe('starting');
    camera.pass(250);
    expect(camera.told).toEqual(['0 open', '15250 down timeout', '15250 kill']);
    expect(camera.machine.reason?.detail).toBe('no packet for 15.3 s');
  });

  it('may keep packets coming for 30 s before its first key frame', () => {
    const camera = new Stepped();
    camera.happens({ type: 'start' });
    camera.pass(30_000, () => camera.happens({ type: 'packet' }));
    camera.happens({ type: 'frame' });
    expect(camera.told).toEqual(['0 open', '30000 up']);
    expect(camera.machine.state).toBe('running');
  });

  it('has failed when packets come and never a picture', () => {
    const camera = new Stepped();
    camera.happens({ type: 'start' });
    camera.pass(91_000, () => camera.happens({ type: 'packet' }));
    expect(camera.machine.reason?.detail).toBe('packets come, but no picture for 90.3 s');
  });
});

describe('a camera that runs', () => {
  it('has stalled 5 s after its last frame, is killed, and opened again after it ended', () => {
    const camera = new Stepped().running();
    camera.stream(10_000, 100);
    camera.pass(5500);
    expect(camera.machine.state).toBe('stalled');
    camera.nowMs = 16_000;
    camera.ended('ended');
    expect(camera.machine.state).toBe('backing-off');
    camera.pass(1000);
    expect(camera.told).toEqual(['0 open', '0 up', '15250 down timeout', '15250 kill', '17000 open']);
  });

  it('tells only once why it stopped', () => {
    const camera = new Stepped().running();
    camera.stream(10_000, 100);
    camera.pass(6000);
    camera.ended('ended');
    expect(camera.told.filter((said) => said.includes('down'))).toEqual(['15250 down timeout']);
    expect(camera.machine.reason?.cause).toBe('timeout');
  });

  it('is no stall at a frame every five seconds', () => {
    const camera = new Stepped().running();
    camera.stream(300_000, 5000);
    expect(camera.told).toEqual(['0 open', '0 up']);
  });

  it('is a stall at ten times its usual interval', () => {
    const camera = new Stepped().running();
    camera.stream(100_000, 2000);
    camera.pass(20_250);
    expect(camera.machine.reason?.detail).toBe('no packet for 20.3 s');
  });

  it('has failed when ffmpeg ends, with whatever exit code', () => {
    const camera = new Stepped().running();
    camera.stream(2000, 100);
    camera.ended('ended');
    expect(camera.told).toEqual(['0 open', '0 up', '2000 down ended']);
  });

  it('is opened again at once when its picture changes its size, but not again and again', () => {
    const camera = new Stepped().running();
    const change = { type: 'reopen', reason: { cause: 'resolution', detail: '' } } as const;
    camera.stream(1000, 100);
    camera.happens(change);
    camera.ended('local');
    camera.pass(250);
    expect(camera.told.slice(2)).toEqual(['1000 down resolution', '1000 kill', '1250 open']);
    camera.happens({ type: 'frame' });
    camera.happens(change);
    camera.ended('local');
    expect((camera.machine.nextTryMs as number) - camera.nowMs).toBe(2000);
  });
});

describe('a camera that flaps every three seconds', () => {
  it('is asked ever more rarely, since no minute of it was healthy', () => {
    const camera = new Stepped();
    camera.happens({ type: 'start' });
    for (let round = 0; round < 400; round += 1) {
      if (camera.machine.state === 'starting') {
        camera.happens({ type: 'frame' });
        camera.stream(3000, 100);
        camera.ended('ended');
      }
      camera.pass(1000);
    }
    const opened = camera.told.filter((said) => said.endsWith('open')).map((said) => Number.parseInt(said, 10));
    expect(opened.filter((at) => at < 60_000).length).toBeLessThanOrEqual(6);
    expect(opened.slice(-3).map((at, i, all) => (i === 0 ? 0 : at - (all[i - 1] as number)))).toEqual([0, 63_000, 63_000]);
  });

  it('is forgiven after a healthy minute', () => {
    const camera = new Stepped();
    camera.happens({ type: 'start' });
    for (let failure = 0; failure < 5; failure += 1) camera.ended();
    camera.pass(16_000);
    camera.happens({ type: 'frame' });
    camera.stream(61_000, 100);
    camera.ended();
    expect((camera.machine.nextTryMs as number) - camera.nowMs).toBe(1000);
  });

  it('is forgiven as well when it stalls after a healthy minute', () => {
    const camera = new Stepped();
    camera.happens({ type: 'start' });
    for (let failure = 0; failure < 5; failure += 1) camera.ended();
    camera.pass(16_000);
    camera.happens({ type: 'frame' });
    camera.stream(61_000, 100);
    camera.pass(6000);
    camera.ended();
    expect((camera.machine.nextTryMs as number) - camera.nowMs).toBe(1000);
  });
});

describe('a camera that is disabled', () => {
  it('is killed from any state, and nothing wakes it', () => {
    const camera = new Stepped().running();
    camera.happens({ type: 'disable' });
    camera.ended();
    camera.pass(120_000);
    expect(camera.told).toEqual(['0 open', '0 up', '0 kill']);
  });
});

describe('sixty-four cameras that vanish together', () => {
  it('come back together when the switch is back, and not all in the same instant', () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const cameras = Array.from({ length: 64 }, () => new Stepped(random).running());
    for (const camera of cameras) camera.stream(61_000, 100);
    for (const camera of cameras) camera.ended('ended');
    const back = 61_000 + 40_000;
    const opened = cameras.map((camera) => {
      for (;;) {
        camera.pass(250);
        if (camera.machine.state !== 'starting') continue;
        if (camera.nowMs >= back) return camera.nowMs;
        camera.ended('refused');
      }
    });
    expect(Math.max(...opened) - back).toBeLessThanOrEqual(32_000 * 1.2 + 250);
    expect(new Set(opened).size).toBeGreaterThan(16);
  });
});
