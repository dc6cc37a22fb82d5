import { challenge, isAuthorized } from './authorization.ts';
import type { Faults } from './faults.ts';
import type { RtspRequest, RtspResponse } from './rtsp-message.ts';

/** Keeps somebody out: by an answer, after which the connection may be closed, or by silence. */
export type Refusal = { readonly answer: RtspResponse; readonly hangUp: boolean } | { readonly answer: undefined };

/** What the camera's faults say to a request, before it is looked at: a refusal, or undefined for "go on". `nonce` is the connection's. */
export function refusalOf(faults: Faults, request: RtspRequest, nonce: string): Refusal | undefined {
  const { method } = request;
  if (faults.mute) return { answer: undefined };
  if (faults.refuse) return { answer: { status: 503 }, hangUp: true };
  if (method === 'OPTIONS') return undefined;
  const asksForCamera = method === 'DESCRIBE' || method === 'SETUP';
  if (asksForCamera && faults.notFound) return { answer: { status: 404 }, hangUp: false };
  if (faults.password !== null && !isAuthorized({ ...request, authorization: request.headers['authorization'] }, faults.password, nonce)) {
    return { answer: { status: 401, headers: { 'WWW-Authenticate': challenge(faults.password, nonce) } }, hangUp: false };
  }
  if (asksForCamera && faults.redirect !== null) return { answer: { status: 302, headers: { Location: faults.redirect } }, hangUp: false };
  return undefined;
}
