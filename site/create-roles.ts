import type { RoleName } from '../engine/cli/role-names.ts';
import { AnalyseRole } from './analyse-role.ts';
import { ConnectRole } from './connect-role.ts';
import { DetectRole } from './detect-role.ts';
import { openMemberServer } from './member-server.ts';
import type { Role, RoleParts, RoleServer } from './role.ts';
import { ServeRole } from './serve-role.ts';
import { Warden } from './warden.ts';

/** What a process does, and what answers HTTP in it. */
export interface OpenedRoles {
  readonly roles: readonly Role[];
  readonly server: RoleServer;
}

/** Makes the roles of this process, in the order of the flow; none works before it is started. */
export async function openRoles(names: readonly RoleName[], parts: RoleParts): Promise<OpenedRoles> {
  const serving = names.includes('serve') ? await ServeRole.open(parts) : undefined;
  const working = [...names.flatMap((name) => (name === 'serve' ? [] : [MAKERS[name](parts)])), ...wardenOf(names, parts)];
  if (serving === undefined) return { roles: working, server: await openMemberServer(parts) };
  return { roles: [...working, serving], server: serving.server };
}

/** In processes that are not busy with frames. */
function wardenOf(names: readonly RoleName[], parts: RoleParts): Role[] {
  return names.includes('analyse') || names.includes('serve') ? [new Warden(parts)] : [];
}

const MAKERS: Readonly<Record<Exclude<RoleName, 'serve'>, (parts: RoleParts) => Role>> = {
  connect: (parts) => new ConnectRole(parts),
  detect: (parts) => new DetectRole(parts),
  analyse: (parts) => new AnalyseRole(parts),
};
