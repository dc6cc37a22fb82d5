/**
 * What the log in Kafka costs, as one JSON line a case: node bench/kafka-log.ts 127.0.0.1:9092
 * Makes topics of its own under the prefix `bench-…`, and deletes them.
 */
import { randomUUID } from 'node:crypto';
import { Kafka } from 'kafkajs';
import { KafkaLog } from '../engine/log/kafka/kafka-log.ts';
import { planTopics } from '../engine/log/kafka/topic-plan.ts';
import type { PartitionTable } from '../engine/log/partition-table.ts';
import { detected, frame } from '../test/records.ts';

const [address = '127.0.0.1:9092'] = process.argv.slice(2);
const SINGLE = 300;
const BATCHES = 40;
const BATCH = 256;
const settings = { brokers: [address], prefix: `bench-${randomUUID().slice(0, 8)}.`, partitions: 1, replicas: 1 };
const nowhere: PartitionTable = { read: async () => new Map(), assign: async () => new Map() };
const record = (seq: number) => frame(seq, [detected(), detected(), detected(), detected()]);

const log = await KafkaLog.open({ settings, table: nowhere });
try {
  await log.append('detections', 0, [record(0)]);
  await single();
  await batches();
  await read();
} finally {
  await log.close();
  const admin = new Kafka({ brokers: [address], logLevel: 0 }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: planTopics(settings, 1, 1).map(({ name }) => name) });
  await admin.disconnect();
}

/** One append after another: how long until it is acknowledged. */
async function single(): Promise<void> {
  const took: number[] = [];
  for (let seq = 1; seq <= SINGLE; seq += 1) {
    const began = performance.now();
    await log.append('detections', 0, [record(seq)]);
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  tell('append', { p50Ms: took[SINGLE / 2] ?? 0, p99Ms: took[Math.floor(SINGLE * 0.99)] ?? 0 });
}

async function batches(): Promise<void> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  for (let batch = 0; batch < BATCHES; batch += 1) {
    await log.append(
      'detections',
      0,
      Array.from({ length: BATCH }, (_, index) => record(1_000 + batch * BATCH + index)),
    );
  }
  tell('append batches', perRecord(BATCHES * BATCH, began, cpu));
}

async function read(): Promise<void> {
  const reader = await KafkaLog.open({ settings });
  const cpu = process.cpuUsage();
  const began = performance.now();
  const { start, end } = await reader.bounds('detections', 0);
  for (let from = start; from < end; ) ({ next: from } = await reader.read('detections', 0, { from, limit: BATCH }));
  tell('read', perRecord(end - start, began, cpu));
  await reader.close();
}

function perRecord(records: number, beganMs: number, cpu: NodeJS.CpuUsage): Record<string, number> {
  const { user, system } = process.cpuUsage(cpu);
  const recordBytes = JSON.stringify(record(1_000)).length;
  return {
    records,
    recordBytes,
    recordsPerSecond: records / ((performance.now() - beganMs) / 1_000),
    cpuMsPerRecord: (user + system) / 1_000 / records,
  };
}

function tell(bench: string, figures: Record<string, number>): void {
  const rounded = Object.entries(figures).map(([name, figure]) => [name, Number(figure.toPrecision(4))]);
  console.log(JSON.stringify({ bench: `kafka-log: ${bench}`, ...Object.fromEntries(rounded) }));
}
