/**
 * Loaded into a process of a site before the command (`node --import`), for tests of faults: brings the process to a halt at a step of its
 * work. It wraps methods of the real classes, so the product has nothing of it.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { GroupFrameSource } from '../../engine/frames/kafka/group-frame-source.ts';
import { PartitionIntake } from '../../engine/frames/kafka/partition-intake.ts';
import { PartitionSender } from '../../engine/frames/kafka/partition-sender.ts';
import { KeptPositions } from '../../engine/log/kafka/kept-positions.ts';
import { PartitionProducer } from '../../engine/log/kafka/partition-producer.ts';
import { TopicPartition } from '../../engine/log/kafka/topic-partition.ts';
import { RedisOwnership } from '../../engine/state/redis/redis-ownership.ts';
import { Script } from '../../engine/state/redis/script.ts';
import { AnalyseRole } from '../../site/analyse-role.ts';
import { announcement, ORDERS, type Orders, type Step } from './fault-order.ts';

const STANDARD_ERROR = 2;
const orders = JSON.parse(process.env[ORDERS] ?? '{}') as Partial<Orders>;
let reached = 0;

if (isMainThread && orders.sessionTimeoutMs !== undefined) {
  shortenSessions(orders.sessionTimeoutMs);
  if (orders.withoutFence === true) takeFenceOff();
  if (orders.fault !== undefined) watchSteps();
}

function at(step: Step): void {
  const { fault } = orders;
  if (fault?.step !== step) return;
  reached += 1;
  if (reached !== fault.times) return;
  writeSync(STANDARD_ERROR, `${announcement(fault)}\n`);
  process.kill(process.pid, fault.signal);
}

/** A method of any shape. */
type Method = (...args: never[]) => unknown;
type MethodOf<C> = { [K in keyof C]: C[K] extends Method ? K : never }[keyof C];

/** Replaces a method by one that may do something before and after. */
function wrap<C extends object, K extends MethodOf<C>>(
  prototype: C,
  name: K,
  around: (call: () => unknown, self: C, args: Parameters<Extract<C[K], Method>>) => unknown,
): void {
  const original = prototype[name] as Extract<C[K], Method>;
  prototype[name] = function (this: C, ...args: Parameters<Extract<C[K], Method>>) {
    return around(() => Reflect.apply(original, this, args), this, args);
  } as C[K];
}

function watchSteps(): void {
  watchProducer();
  watchConnect();
  watchDetect();
  watchAnalyse();
}

const PRODUCED: Readonly<Record<string, readonly [Step, Step]>> = {
  frames: ['frames-produced', 'frames-flushed'],
  detections: ['produced', 'flushed'],
  tracks: ['tracks-produced', 'tracks-flushed'],
};

function watchProducer(): void {
  wrap(PartitionProducer.prototype, 'send', async (call, self) => {
    const { topic } = (self as unknown as { readonly name: { readonly topic: string } }).name;
    const [produced, flushed] = PRODUCED[topic.slice(topic.indexOf('.') + 1)] ?? [];
    const sent = call();
    if (produced !== undefined) setImmediate(() => setImmediate(() => at(produced))); // By then the request is on its way.
    const written = await sent;
    if (flushed !== undefined) at(flushed);
    return written;
  });
}

function watchConnect(): void {
  wrap(PartitionSender.prototype, 'sink', (call) => {
    const sink = call() as ReturnType<PartitionSender['sink']>;
    return {
      ...sink,
      put: (item: Parameters<typeof sink.put>[0]) => {
        sink.put(item);
        if (item.type === 'frame') at('decoded');
      },
    };
  });
}

function watchDetect(): void {
  wrap(PartitionIntake.prototype, 'take', (call) => {
    call();
    at('fetched');
  });
  wrap(GroupFrameSource.prototype, 'take', async (call) => {
    const items = (await call()) as Awaited<ReturnType<GroupFrameSource['take']>>;
    if (items.some(({ type }) => type === 'frame')) at('decoded-frame');
    return items;
  });
  wrap(TopicPartition.prototype, 'append', (call, { name }) => {
    if (name.topic.endsWith('.detections')) at('detected');
    if (name.topic.endsWith('.tracks')) at('tracked');
    return call();
  });
  wrap(KeptPositions.prototype, 'keep', async (call) => {
    await call();
    at('committed-offset');
  });
}

function watchAnalyse(): void {
  wrap(TopicPartition.prototype, 'read', async (call, { name }) => {
    const page = (await call()) as { readonly entries: readonly unknown[] };
    if (name.topic.endsWith('.detections') && page.entries.length > 0) at('read');
    return page;
  });
  wrap(RedisOwnership.prototype, 'load', async (call) => {
    const state = await call();
    at('restored');
    return state;
  });
  wrap(RedisOwnership.prototype, 'commit', async (call) => {
    at('saving');
    const committed = call();
    setImmediate(() => setImmediate(() => at('committing-state')));
    await committed;
    at('committed-state');
  });
}

function shortenSessions(sessionTimeoutMs: number): void {
  wrap(AnalyseRole.prototype, 'start', (call, self) => {
    Object.assign(self, { options: { ...(self as unknown as { options: object }).options, sessionTimeoutMs } });
    return call();
  });
  const open = GroupFrameSource.open.bind(GroupFrameSource);
  GroupFrameSource.open = (options) => open({ ...options, sessionTimeoutMs });
}

/** A commit is carried out whoever sends it, from wherever it goes on. */
function takeFenceOff(): void {
  wrap(Script.prototype, 'run', (call, self) => {
    const script = self as unknown as { name: string; source: string; sha1: string };
    const open = script.source.replace('if found[1] ~= token or found[3] ~= expected then', 'if false then');
    if (script.name.startsWith('commit') && open !== script.source)
      Object.assign(script, { source: open, sha1: createHash('sha1').update(open).digest('hex') });
    return call();
  });
}
