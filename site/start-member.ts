import type { RunningSite, StartOptions } from '../engine/cli/application.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import type { Readiness } from '../ui/server/health-routes.ts';
import { type OpenedRoles, openRoles } from './create-roles.ts';
import { FollowedConfiguration } from './followed-configuration.ts';
import type { Member } from './member.ts';
import { leaveSoon, openMember } from './open-member.ts';
import { openWithModel } from './open-with-model.ts';
import { OPERATORS } from './operator-settings.ts';
import { refuseOtherKind } from './refuse-other-kind.ts';
import { refuseUndistributed } from './refuse-undistributed.ts';
import type { Role } from './role.ts';
import type { SiteParts } from './site-parts.ts';

/**
 * Starts this process as a member of a distributed site, with the roles that it was given. All members meet in Kafka and Redis:
 *
 *   cameras ─▶ connect ─▶ frames ─▶ detect ─▶ detections ─▶ analyse ─▶ tracks … ─▶ serve ─▶ pages and API
 *   Redis: who is here, who holds which camera and task, sessions, state
 */
export async function startMember(configuration: Configuration, options: StartOptions): Promise<RunningSite> {
  refuseUndistributed(configuration, options);
  const parts = await openWithModel(configuration, options, { detects: options.roles?.includes('detect') ?? false });
  return start(parts, options).catch(async (error: unknown) => {
    await parts.close();
    throw error;
  });
}

async function start(parts: SiteParts, { file, roles: names = [], version }: StartOptions): Promise<RunningSite> {
  let { configuration } = parts;
  const member = openMember(parts, { version, roles: [...names], configuration: () => configuration });
  await refuseOtherKind(member, 'roles', parts.clock);
  let roles: readonly Role[] = [];
  const apply = (next: Configuration) => {
    configuration = next;
    return Promise.all(roles.map((role) => role.apply?.(next)));
  };
  const followed = new FollowedConfiguration(parts, { file, operators: OPERATORS, apply });
  const readiness = () => readinessOf(roles, parts.stateTrouble());
  const opened = await openRoles(names, { ...parts, member, file, readiness, readConfiguration: () => followed.read() });
  roles = opened.roles;
  return run(opened, { parts, member, followed });
}

interface Running {
  readonly parts: SiteParts;
  readonly member: Member;
  readonly followed: FollowedConfiguration;
}

async function run({ roles, server }: OpenedRoles, { parts, member, followed }: Running): Promise<RunningSite> {
  await member.join(server.url).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  for (const role of roles) role.start();
  const stopWatching = followed.watch();
  const drain = async () => {
    stopWatching();
    leaveSoon(member); // First: the others then count on one less, and take at once what is given back.
    await Promise.all(roles.map((role) => role.drain()));
    await server.close();
    await parts.close();
  };
  return { url: server.url, finished: Promise.race(roles.map(({ failed }) => failed)), drain };
}

function readinessOf(roles: readonly Role[], stateTrouble: string | undefined): Readiness {
  const waiting = [...roles.flatMap((role) => role.waiting()), ...(stateTrouble === undefined ? [] : [stateTrouble])];
  return { ready: waiting.length === 0, waiting };
}
