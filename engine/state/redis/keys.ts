/**
 * The names of all keys. What must change together has one name in braces, so that it lies in one slot of a Redis Cluster
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags):
 *
 *   ocelli:version                        hash: layout, store            begin-layout-1
 *   ocelli:tasks                          set of the tasks there are
 *   ocelli:{analyse/0}:task               hash: epoch, token, position   acquire-1, load-2, commit-2-or-more
 *   ocelli:{analyse/0}:state              hash: bytes by key
 *   ocelli:{analyse/0}:table:newest       hash: JSON by row, for other programs
 *   ocelli:{dock-1}:sessions              hash: session, fingerprint …   begin-live-2, begin-recording-2, finish-recording-2
 *   ocelli:{dock-1}:lease                 hash: token, holder; expires   acquire-lease-2, renew-lease-2, release-lease-1
 *   ocelli:{members}:all                  set of the members there were
 *   ocelli:{members}:member:host-1        text that the member says about itself; expires
 */
export class Keys {
  private readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  get version(): string {
    return `${this.prefix}version`;
  }

  get tasks(): string {
    return `${this.prefix}tasks`;
  }

  task(task: string): string {
    return this.named(task, 'task');
  }

  state(task: string): string {
    return this.named(task, 'state');
  }

  table(task: string, table: string): string {
    return this.named(task, `table:${table}`);
  }

  sessions(camera: string): string {
    return this.named(camera, 'sessions');
  }

  lease(name: string): string {
    return this.named(name, 'lease');
  }

  get members(): string {
    return this.named('members', 'all');
  }

  member(member: string): string {
    return this.named('members', `member:${member}`);
  }

  private named(name: string, part: string): string {
    if (name === '' || /[{}]/.test(name))
      throw new RangeError(`A task, camera or lease cannot be named "${name}": expected text without { and }.`);
    return `${this.prefix}{${name}}:${part}`;
  }
}
