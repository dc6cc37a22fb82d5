import { describe, expect, it } from 'vitest';
import type { BusItem } from '../../../../engine/frames/frame.ts';
import { FrameInbox } from '../../../../engine/frames/kafka/frame-inbox.ts';
import { type FrameHeader, writeFrame, writeRecord } from '../../../../engine/frames/kafka/frame-record.ts';
import { PartitionIntake } from '../../../../engine/frames/kafka/partition-intake.ts';
import { PixelPool } from '../../../../engine/frames/pixel-pool.ts';
import type { Progress } from '../../../../engine/records/place-rule.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { gap, mark, START_MS, timeOf } from '../../../records.ts';

const MIB = 2 ** 20;

/** One partition with the inbox behind it; time is stepped by hand, records come as a test puts them. */
class Partition {
  readonly clock = new ManualClock(START_MS + 60_000);
  readonly unreadable: string[] = [];
  readonly intake: PartitionIntake;
  private readonly inbox: FrameInbox;
  private next = 0;

  constructor(reach: ReadonlyMap<string, Progress> = new Map()) {
    const { clock } = this;
    const pool = new PixelPool(MIB);
    this.inbox = new FrameInbox(clock, pool);
    const observer = { unreadable: (camera: string) => void this.unreadable.push(camera) };
    this.intake = new PartitionIntake({ inbox: this.inbox, clock, pool, observer, from: 0, reach });
  }

  value(camera: string, value: Buffer, isLast = true): void {
    this.intake.take({ position: this.next++, camera, value, isLast });
  }

  frame(camera: string, seq: number, facts: Partial<FrameHeader> & { ageMs?: number; bytes?: number; isLast?: boolean } = {}): void {
    const { ageMs = 0, bytes = 10, isLast = true, ...rest } = facts;
    const header: FrameHeader = {
      ...{ encoding: 'jpeg', session: 1, seq, time: timeOf(seq), clock: 'arrival', statistics: false, settings: 'f00d' },
      ...{ sender: 7, freshnessMs: 500, arrivedAt: this.clock.now() - ageMs, decodedMs: 0 },
      ...{ image: { width: 1920, height: 1080 }, size: { width: 32, height: 16 } },
      letterbox: { x: 0, y: 0, width: 32, height: 16 },
      ...rest,
    };
    this.value(camera, writeFrame(header, new Uint8Array(bytes)), isLast);
  }

  /** What the detect stage is given; gaps are not held back, as nothing more comes. */
  async taken(): Promise<BusItem[]> {
    this.inbox.close();
    const items: BusItem[] = [];
    for (let more = await this.take(); more.length > 0; more = await this.take()) items.push(...more);
    return items;
  }

  async takeOne(): Promise<BusItem> {
    const [item] = await this.take();
    if (item === undefined) throw new Error('Nothing waits.');
    this.intake.given(item);
    return item;
  }

  private take() {
    return this.inbox.take(1, 0, new AbortController().signal);
  }
}

function told(items: readonly BusItem[]): string[] {
  return items.map((item) => {
    if (item.type === 'gap') return `${item.reason} ${item.session}/${item.from}…${item.to}`;
    return `${item.type === 'mark' ? item.mark : 'frame'} ${item.session}/${item.seq}`;
  });
}

const recording = { clock: 'recording', freshnessMs: 0 } as const;

describe('the position up to which a partition is answered', () => {
  it('moves with the slowest camera, without holes', async () => {
    const partition = new Partition();
    partition.frame('a', 0, recording);
    partition.frame('b', 0, recording);
    const [a, b] = [await partition.takeOne(), await partition.takeOne()];
    partition.intake.answered(b);
    expect(partition.intake.position).toBe(0);
    partition.intake.answered(a);
    expect(partition.intake.position).toBe(2);
  });

  it('moves over what is in detections already, and what nobody can read', () => {
    const partition = new Partition(new Map([['a', { session: 1, seq: 4, time: timeOf(4) }]]));
    partition.frame('a', 4, recording);
    partition.value('a', Buffer.from('junk'));
    expect(partition.intake.position).toBe(2);
    partition.frame('a', 5, recording);
    expect(partition.intake.position).toBe(2);
  });

  it('moves over frames that became one gap, when the gap is answered', async () => {
    const partition = new Partition();
    for (let seq = 0; seq < 5; seq += 1) partition.frame('a', seq, { ageMs: 9_000, isLast: false });
    const [gapOfAll] = await partition.taken();
    partition.intake.answered(gapOfAll as BusItem);
    expect(partition.intake.position).toBe(5);
  });

  it('is waited for when a partition goes to somebody else, until nothing is in hand', async () => {
    const partition = new Partition();
    partition.frame('a', 0, recording);
    const item = await partition.takeOne();
    let over = false;
    const handedBack = partition.intake.handedBack(new AbortController().signal).then(() => {
      over = true;
    });
    await Promise.resolve();
    expect(over).toBe(false);
    partition.intake.answered(item);
    await handedBack;
    expect(over).toBe(true);
  });
});

describe('what is read of a partition', () => {
  it('tells a backlog of live frames that are too old in one gap, without looking at their pixels', async () => {
    const partition = new Partition();
    for (let seq = 0; seq < 300; seq += 1) partition.frame('a', seq, { ageMs: 30_000 - 100 * seq, isLast: seq === 299 });
    expect(told(await partition.taken())).toEqual(['stale 1/0…294', 'overload 1/295…298', 'frame 1/299']);
  });

  it('never takes a frame of a recording for too old', async () => {
    const partition = new Partition();
    partition.frame('a', 0, { ...recording, ageMs: 3_600_000 });
    expect(told(await partition.taken())).toEqual(['frame 1/0']);
  });

  it('leaves out what detections has already', async () => {
    const partition = new Partition(new Map([['a', { session: 1, seq: 4, time: timeOf(4) }]]));
    for (let seq = 3; seq < 7; seq += 1) partition.frame('a', seq, recording);
    expect(told(await partition.taken())).toEqual(['frame 1/5', 'frame 1/6']);
  });

  it('drops a frame that came twice, and cuts a gap to what is new', async () => {
    const partition = new Partition();
    partition.frame('a', 0, recording);
    partition.frame('a', 0, recording);
    partition.value('a', writeRecord(gap(0, 2, 'broker', { camera: 'a' })));
    expect(told(await partition.taken())).toEqual(['frame 1/0', 'broker 1/1…2']);
  });

  it('drops late frames of a session that another has followed', async () => {
    const partition = new Partition();
    partition.frame('a', 0, { ...recording, session: 2 });
    partition.frame('a', 9, { ...recording, session: 1 });
    expect(told(await partition.taken())).toEqual(['frame 2/0']);
  });

  it('tells places that never came as lost, an unreadable record among them', async () => {
    const partition = new Partition();
    partition.value('a', writeRecord(mark('up', 0, { camera: 'a' })));
    partition.value('a', Buffer.from([2, 1, 0]));
    partition.frame('a', 3, recording);
    expect(told(await partition.taken())).toEqual(['up 1/0', 'lost 1/1…2', 'frame 1/3']);
    expect(partition.unreadable).toEqual(['a']);
  });

  it('judges age by the clock of the sender, as far as it is known', async () => {
    const partition = new Partition();
    const aheadMs = 5_000;
    partition.frame('a', 0, { ageMs: -aheadMs });
    partition.frame('a', 1, { ageMs: 501 - aheadMs, isLast: false });
    partition.frame('b', 0, { ageMs: 501, sender: 8, isLast: false });
    expect(told(await partition.taken())).toEqual(['frame 1/0', 'stale 1/0…0', 'stale 1/1…1']);
  });

  it('reads no more while recordings fill the memory, until one frame is taken', async () => {
    const partition = new Partition();
    for (let seq = 0; seq < 65; seq += 1) partition.frame('a', seq, { ...recording, bytes: MIB });
    let read = false;
    const room = partition.intake.room(new AbortController().signal).then(() => {
      read = true;
    });
    await Promise.resolve();
    expect(read).toBe(false);
    await partition.takeOne();
    await room;
    expect(read).toBe(true);
  });
});
