import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AlertList } from './live/alert-list.ts';
import type { KeptPictures } from './live/kept-pictures.ts';
import type { Live } from './live/live.ts';
import type { Store } from './live/store.ts';
import type { WatchList } from './live/watch-list.ts';

/** What every page works with. */
export interface App {
  readonly live: Live;
  readonly watchList: WatchList;
  readonly alerts: AlertList;
  readonly pictures: KeptPictures;
  /** Whether alerts stand beside the wall. */
  readonly alertsPanel: Store<boolean>;
  /** Whether boxes are drawn. */
  readonly overlay: Store<boolean>;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('A page is drawn outside of the application.');
  return app;
}
