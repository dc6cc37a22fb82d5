import type { CameraKeys } from '../../../cameras.ts';
import { joinAddress, splitAddress, writeCredentials } from './camera-address.ts';

/** What stands in the fields of the form, as texts. */
export interface FormValues {
  readonly id: string;
  /** Without user and password. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  /** User and password as the server shows them, to be kept; `undefined` once others are to be given, or there are none. */
  readonly kept: string | undefined;
  /** The user as the server shows it: stays while only another password is given. */
  readonly storedUser: string | undefined;
  readonly fps: string;
  readonly freshness: string;
  readonly transport: string;
  readonly pace: string;
  /** Width in pixels; `off` for no pictures. */
  readonly view: string;
}

const DEFAULTS = { fps: '10', freshness: '500', transport: 'tcp', pace: 'fast', view: '640' } as const;

export const NEW_CAMERA: FormValues = { id: '', address: '', user: '', password: '', kept: undefined, storedUser: undefined, ...DEFAULTS };

export function valuesOf({ id, url, fps, freshness, transport, pace, view }: CameraKeys): FormValues {
  const { address, credentials } = splitAddress(url);
  const texts = { fps: String(fps), freshness: String(freshness), transport, pace, view: view === false ? 'off' : String(view) };
  return { id, address, user: '', password: '', kept: credentials, storedUser: credentials?.split(':')[0], ...texts };
}

/** The address to send: with what is typed, or with what is kept. */
export function urlOf({ address, kept, user, password, storedUser }: FormValues): string {
  const stays = user.trim() === '' && password !== '' && storedUser !== undefined;
  return joinAddress(address, kept ?? writeCredentials({ user: stays ? storedUser : user.trim(), password }));
}

/** What to send for a new camera: defaults are left out of the file. */
export function addition(values: FormValues): Record<string, unknown> {
  return { id: values.id.trim(), url: urlOf(values), ...changedKeys(values, { ...NEW_CAMERA }) };
}

/** What to send for a camera that is there: only what was changed. */
export function changes(values: FormValues, before: FormValues): Record<string, unknown> {
  const url = urlOf(values) === urlOf(before) ? {} : { url: urlOf(values) };
  return { ...url, ...changedKeys(values, before) };
}

function changedKeys(values: FormValues, before: FormValues): Record<string, unknown> {
  const keys = ['fps', 'freshness', 'transport', 'pace', 'view'] as const;
  return Object.fromEntries(keys.filter((key) => values[key].trim() !== before[key]).map((key) => [key, sent(key, values[key].trim())]));
}

/** Numbers as numbers; what is none goes as it is, and the server says what was expected. */
function sent(key: string, text: string): unknown {
  if (key === 'view' && text === 'off') return false;
  return text === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
