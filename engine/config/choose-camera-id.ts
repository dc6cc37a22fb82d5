import { CAMERA_ID } from '../records/record.ts';

const LONGEST = 56;

/**
 * A name for a camera that nobody named: that of its file, or of its host (`dock.example.com` is `dock`), else `camera`. With a number
 * behind it where that is taken; `camera` always has one.
 */
export function chooseCameraId(url: string, taken: ReadonlySet<string>): string {
  const name = wordIn(/^file:/i.test(url) ? fileName(url) : hostName(url));
  const isFree = (id: string) => CAMERA_ID.test(id) && !taken.has(id);
  if (name !== 'camera' && isFree(name)) return name;
  for (let number = name === 'camera' ? 1 : 2; ; number += 1) {
    const id = `${name}-${number}`;
    if (isFree(id)) return id;
  }
}

function fileName(url: string): string {
  return (url.split('/').at(-1) ?? '').replace(/^file:/i, '').replace(/\.[a-z0-9]{2,4}$/i, '');
}

/** Numbers are no name, and neither is this machine. */
function hostName(url: string): string {
  const host = URL.parse(url)?.hostname ?? '';
  return /^[\d.]+$|^\[|^localhost$/.test(host) ? '' : (host.split('.')[0] ?? '');
}

function wordIn(text: string): string {
  const word = text
    .replaceAll(/%[0-9a-f]{2}|[^A-Za-z0-9_-]+/gi, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, LONGEST);
  return word === '' ? 'camera' : word;
}
