import { render } from 'preact';
import './styles/tokens.css';
import './styles/layout.css';
import './styles/wall.css';
import './styles/pages.css';
import './styles/alerts.css';
import './styles/time-line.css';
import { AppContext } from './app-context.ts';
import { AlertList } from './live/alert-list.ts';
import { KeptPictures } from './live/kept-pictures.ts';
import { openLive } from './live/open-live.ts';
import { Store } from './live/store.ts';
import { WatchList } from './live/watch-list.ts';
import { Shell } from './shell.tsx';

const live = openLive();
const alerts = new AlertList();
const pictures = new KeptPictures();
const watchList = new WatchList(live);
const app = { live, alerts, pictures, watchList, overlay: new Store(true), alertsPanel: new Store(true) };

live.onAlert = (alert) => alerts.take(alert);
live.onPicture = (picture) => pictures.take(picture);
app.overlay.listen(() => live.showBoxes(app.overlay.value));
live.link.listen(() => {
  if (live.link.value === 'open') void pictures.load();
});
// Each connection begins with the server's clock: those of the last week are asked for by it, whatever the viewer's own says.
live.clockKnown.listen(() => {
  if (live.clockKnown.value) void alerts.load(live.now);
});

const root = document.getElementById('app');
if (root !== null) {
  render(
    <AppContext.Provider value={app}>
      <Shell />
    </AppContext.Provider>,
    root,
  );
}
