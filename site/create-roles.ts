import type { RoleName } from '../engine/cli/role-names.ts';
import { Analysis } from './analysis.ts';
import { openMemberServer } from './member-server.ts';
import type { Role, RoleParts, RoleServer } from './role.ts';

/** What a process does, and what answers HTTP in it. */
export interface OpenedRoles {
  readonly roles: readonly Role[];
  readonly server: RoleServer;
}

/** Makes the roles of this process, in the order of the flow; none works before it is started. */
export async function openRoles(names: readonly RoleName[], parts: RoleParts): Promise<OpenedRoles> {
  const roles = names.map((name) => MAKERS[name](parts));
  return { roles, server: await openMemberServer(parts) };
}

const MAKERS: Readonly<Record<RoleName, (parts: RoleParts) => Role>> = {
  connect: () => missing('connect'),
  detect: () => missing('detect'),
  analyse: (parts) => analyse(parts),
  serve: () => missing('serve'),
};

function analyse(parts: RoleParts): Role {
  const analysis = new Analysis(parts);
  return { start: () => analysis.start(), failed: analysis.failed, waiting: () => [], drain: () => analysis.drain() };
}

function missing(name: RoleName): never {
  throw new Error(`The role ${name} is not there yet.`);
}
