export type Route =
  | { readonly page: 'wall' | 'alerts' | 'health' | 'cameras' | 'cluster' }
  | { readonly page: 'camera'; readonly id: string; readonly at: number | undefined };

/** Every view has a link: `#/`, `#/camera/dock-1?at=1766400000123`, `#/alerts`, `#/health`, `#/cameras`, `#/cluster`. Anything else is the wall. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, id] = path.split('/');
  const at = Number(new URLSearchParams(query).get('at')) || undefined;
  if (page === 'camera' && id) return { page: 'camera', id: decoded(id), at };
  return page === 'alerts' || page === 'health' || page === 'cameras' || page === 'cluster' ? { page } : { page: 'wall' };
}

/** What somebody typed need not be an encoding: it is then taken as it is, and the page says that there is no such camera. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
