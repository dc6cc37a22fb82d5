/** The time for which one of several processes works on a partition. */
export interface Tenure {
  readonly partition: number;
  /** Aborts when the partition is, or may be, somebody else's: whoever works on it stops at once and saves nothing. */
  readonly lost: AbortSignal;
  /** Right at any moment, also in a process that stood still and whose timers have not run yet: ask before anything is saved. */
  holds(): boolean;
  /** Asks whoever gives partitions out, and says whether it is still ours: for who has met somebody else's work on it. */
  confirmed(): Promise<boolean>;
}
