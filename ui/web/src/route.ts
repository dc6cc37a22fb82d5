import { Store } from './live/store.ts';
import { type Route, readRoute } from './read-route.ts';

export function cameraLink(id: string, at?: number): string {
  return `#/camera/${encodeURIComponent(id)}${at === undefined ? '' : `?at=${at}`}`;
}

export const route = new Store<Route>(readRoute(location.hash));
addEventListener('hashchange', () => route.set(readRoute(location.hash)));
