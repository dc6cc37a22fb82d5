/** Wakes one waiter. Stays raised until it is lowered, so a call that comes while nobody waits is not missed. */
export class Signal {
  private raised = false;
  private wakeUp: (() => void) | undefined;

  get isRaised(): boolean {
    return this.raised;
  }

  raise(): void {
    this.raised = true;
    this.wakeUp?.();
  }

  lower(): void {
    this.raised = false;
  }

  async wait(): Promise<void> {
    if (!this.raised) await new Promise<void>((resolve) => (this.wakeUp = resolve));
    this.wakeUp = undefined;
  }
}
