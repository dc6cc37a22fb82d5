/** What a process of a distributed site can do; several in one process are allowed. */
export const ROLES = ['connect', 'detect', 'analyse', 'serve'] as const;
export type RoleName = (typeof ROLES)[number];
