import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { RoleName } from '../../engine/cli/role-names.ts';
import { readConfiguration } from '../../engine/config/read-configuration.ts';
import type { LogReader } from '../../engine/log/index.ts';
import { openForReading } from '../../site/open-log.ts';
import { OPERATORS } from '../../site/operator-settings.ts';
import { type SiteCamera, SiteFolder, type SiteProcess } from '../../test/end-to-end/site-process.ts';

export interface Brokers {
  /** `host:port`. */
  readonly kafka: string;
  readonly redis: string;
}

/** A distributed site of its own topics and keys, with the starter model. */
export class Deployment {
  /** Begins the names of its keys. */
  readonly prefix = `bench-${randomUUID().slice(0, 8)}`;
  private readonly site: SiteFolder;
  private readonly processes = new Set<SiteProcess>();

  constructor(cameras: readonly SiteCamera[], { kafka, redis }: Brokers, settings: Readonly<Record<string, unknown>> = {}) {
    this.site = new SiteFolder(cameras, {
      model: resolve('models/parcels'),
      log: { url: `kafka://${kafka}`, prefix: `${this.prefix}.`, partitions: 2 },
      state: { url: redis, prefix: `${this.prefix}:` },
      ...settings,
    });
  }

  /** Resolves when it runs. */
  async start(role: RoleName): Promise<SiteProcess> {
    const process = this.site.run('--role', role, '--log-level', 'info');
    this.processes.add(process);
    await process.url();
    return process;
  }

  openLog(): Promise<LogReader> {
    return openForReading(readConfiguration(this.site.file, { operators: OPERATORS }).log, this.site.file);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes].map((process) => process.kill('SIGTERM')));
  }
}
