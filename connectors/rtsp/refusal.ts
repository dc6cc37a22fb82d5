import type { RtspAnswer } from './rtsp-message.ts';
import { RtspProblem } from './rtsp-problem.ts';

/** What an answer other than 200 means. */
export function refusalOf(method: string, { status, reason, headers }: RtspAnswer, withPassword: boolean): RtspProblem {
  const said = `the camera answers ${status} ${reason}`.trim() + (method === 'DESCRIBE' ? '' : ` to ${method}`);
  if (status >= 300 && status < 400) {
    return new RtspProblem('redirect', `${said}, to ${hostOf(headers.get('location')?.[0])}; redirects are refused`);
  }
  if (status === 401)
    return new RtspProblem('authentication', withPassword ? `${said}: wrong user or password` : `${said}: it wants a password`);
  if (status === 403) return new RtspProblem('authentication', said);
  if (status === 404 || status === 410) return new RtspProblem('not-found', `${said}: no such stream at this path`);
  if (status === 453 || status === 503) return new RtspProblem('refused', `${said}: it has no room for another viewer`);
  if (status === 461 && method === 'SETUP') return new RtspProblem('codec', `${said}: set "transport" to the other of tcp and udp`);
  return new RtspProblem(status >= 500 ? 'refused' : 'codec', said);
}

/** Where a redirect leads, without what else stands in the address. */
function hostOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? new URL(location).host : 'nowhere';
}
