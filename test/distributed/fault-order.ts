/**
 * What a process does to itself at a step of its work: `order-fault.ts` is loaded into it before the command and carries it out.
 *
 *   connect   ─▶ decoded ─▶ frames-produced ─▶ frames-flushed
 *   detect    ─▶ fetched ─▶ decoded-frame ─▶ detected ─▶ produced ─▶ flushed ─▶ committed-offset
 *   analyse   ─▶ restored ─▶ read ─▶ tracked ─▶ tracks-produced ─▶ tracks-flushed ─▶ saving ─▶ committing-state ─▶ committed-state
 */
export const CONNECT_STEPS = ['decoded', 'frames-produced', 'frames-flushed'] as const;
export const DETECT_STEPS = ['fetched', 'decoded-frame', 'detected', 'produced', 'flushed', 'committed-offset'] as const;
export const ANALYSE_STEPS = [
  'restored',
  'read',
  'tracked',
  'tracks-produced',
  'tracks-flushed',
  'saving',
  'committing-state',
  'committed-state',
] as const;

/** Where processes stand still in the tests, while others take over what they have. */
export const STANDSTILLS = {
  connect: ['decoded'],
  detect: ['detected'],
  analyse: ['tracks-produced', 'saving'],
} as const;

export type Step = (typeof CONNECT_STEPS | typeof DETECT_STEPS | typeof ANALYSE_STEPS)[number];

/** The `times`-th time that the process comes to `step` it gets the signal. */
export interface FaultOrder {
  readonly step: Step;
  readonly times: number;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/** What a process with an order is started with. */
export interface Orders {
  readonly fault?: FaultOrder;
  /** How long the group waits for a member that says nothing: the tests have no time for the 6 s of the product. */
  readonly sessionTimeoutMs: number;
  /** State is written whoever owns the task, as a store without a fence would do. */
  readonly withoutFence?: boolean;
}

/** The variable of the environment that has the orders, as JSON. */
export const ORDERS = 'OCELLI_TEST_ORDERS';

/** What the process says, as a line of its own, just before the signal. */
export function announcement({ step, times }: FaultOrder): string {
  return `ordered fault: ${step} ${times}`;
}
