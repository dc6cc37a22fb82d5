import type { GapReason, GapRecord } from '../engine/records/record.ts';

/** Reasons of gaps in which nothing went unseen: nothing moved, or what was left out is no frame. */
const NOTHING_UNSEEN: ReadonlySet<GapReason> = new Set<GapReason>(['still', 'skipped']);

/** How many frames a gap stands for, at least 1. */
export function gapFrames({ from, to }: Pick<GapRecord, 'from' | 'to'>): number {
  return to - from + 1;
}

/** Whether something may have happened in a gap that nobody saw. True also for reasons that this version does not know. */
export function isBlind({ reason }: Pick<GapRecord, 'reason'>): boolean {
  return !NOTHING_UNSEEN.has(reason);
}
