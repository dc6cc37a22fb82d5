export { KeyedTask, type TaskEnd, type TaskProgress } from './keyed-task.ts';
export type { CheckpointFacts, FailureFacts, KeyedTaskObserver, RestartFacts } from './keyed-task-observer.ts';
export { KeyedTaskSupervisor, type SupervisorEnd, type SupervisorOptions } from './keyed-task-supervisor.ts';
export { OperatorChain } from './operator-chain.ts';
export type { KeyedTaskOptions } from './task-run.ts';
export type { TaskState } from './task-state.ts';
