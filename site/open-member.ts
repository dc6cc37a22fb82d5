import type { Configuration } from '../engine/config/configuration.ts';
import { agreedSettings } from './agreed-settings.ts';
import { Member } from './member.ts';
import type { MemberFacts } from './member-facts.ts';
import type { SiteParts } from './site-parts.ts';

interface Self {
  readonly version: string;
  readonly roles: MemberFacts['roles'];
  /** The one in force, which may be edited. */
  readonly configuration: () => Configuration;
}

/** This process as a member of the site. */
export function openMember({ leases, clock, logger, model }: SiteParts, { version, roles, configuration }: Self): Member {
  return new Member({ leases, clock, logger, version, roles, settings: () => agreedSettings(configuration(), model) });
}

/** Without waiting for it: a state store that is away must hold nobody up who ends. What is still on its way ends with the store. */
export function leaveSoon(member: Member): void {
  member.leave().catch(() => {});
}
