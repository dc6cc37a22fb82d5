import { InvalidArgumentError } from 'commander';
import { readSource } from '../plan/workload.ts';
import type { PlanOptions } from './plan-command.ts';
import { ROLES, type RoleName } from './role-names.ts';

/** What options take, read from what people write. Each throws `InvalidArgumentError` with what was expected. */

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number of at least 1.');
  return value;
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}

export function source(text: string): PlanOptions['source'] {
  const read = readSource(text);
  if (read === undefined) throw new InvalidArgumentError('expected width x height @ frames a second, such as 1920x1080@25.');
  return read;
}

export function roleNames(text: string): readonly RoleName[] {
  const names = new Set(text.split(',').map((name) => name.trim()));
  const roles = ROLES.filter((role) => names.delete(role));
  if (names.size === 0) return roles;
  const [unknown] = names;
  throw new InvalidArgumentError(`expected ${ROLES.join(', ')}, or several of them with commas between; "${unknown}" is none.`);
}

export function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return value;
}
