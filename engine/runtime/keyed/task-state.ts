/**
 *   created ──start──▶ acquiring ─────▶ running ──drain──▶ draining ─────▶ closed
 *      │                 │    └────────── drain ──────────▶   │              ▲
 *      │                 └───── error ─────┴───── error ──────┴─▶ failed     │
 *      └────────────────────────────── drain ────────────────────────────────┘
 *
 * created: nothing read yet. acquiring: takes the task over and loads its state. running: reads, processes, writes, makes checkpoints.
 * draining: reads no more, makes the last checkpoint, unless its tenure was lost. closed: everything read is in the state, or somebody
 * else's to read again. failed: the committed state is where the
 * next owner goes on; what came behind it is run again.
 */
export type TaskState = 'created' | 'acquiring' | 'running' | 'draining' | 'closed' | 'failed';

const MOVES: Readonly<Record<TaskState, readonly TaskState[]>> = {
  created: ['acquiring', 'closed'],
  acquiring: ['running', 'draining', 'failed'],
  running: ['draining', 'failed'],
  draining: ['closed', 'failed'],
  closed: [],
  failed: [],
};

/** The state itself, if the drawing allows the move; an illegal move is a bug and thrown as one. */
export function moveTo(from: TaskState, to: TaskState): TaskState {
  if (!MOVES[from].includes(to)) throw new Error(`A keyed task cannot go from ${from} to ${to}.`);
  return to;
}
