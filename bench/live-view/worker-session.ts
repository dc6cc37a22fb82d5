import type { CDPSession } from 'playwright-core';

interface Reply {
  readonly id: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Chromium's tools for the worker of a page: playwright has none for workers. */
export class WorkerSession {
  private readonly page: CDPSession;
  private readonly sessionId: string;
  private readonly waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  private asked = 0;

  private constructor(page: CDPSession, sessionId: string) {
    this.page = page;
    this.sessionId = sessionId;
    page.on('Target.receivedMessageFromTarget', ({ message }) => this.hear(JSON.parse(message) as Reply));
  }

  /** Attaches to the page's one worker. */
  static async open(page: CDPSession): Promise<WorkerSession> {
    const attached = new Promise<string>((resolve) => page.once('Target.attachedToTarget', ({ sessionId }) => resolve(sessionId)));
    await page.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return new WorkerSession(page, await attached);
  }

  async send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    this.asked += 1;
    const answer = Promise.withResolvers<Record<string, unknown>>();
    this.waiting.set(this.asked, answer);
    await this.page.send('Target.sendMessageToTarget', {
      message: JSON.stringify({ id: this.asked, method, params }),
      sessionId: this.sessionId,
    });
    return answer.promise;
  }

  private hear({ id, result, error }: Reply): void {
    const answer = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) answer?.resolve(result ?? {});
    else answer?.reject(new Error(error.message));
  }
}
