import { render } from 'preact';
import './styles/tokens.css';
import './styles/layout.css';
import './styles/wall.css';
import './styles/pages.css';
import './styles/alerts.css';
import './styles/time-line.css';
import { AppContext } from './app-context.ts';
import { AlertList } from './live/alert-list.ts';
import { Connection } from './live/connection.ts';
import { Feeds } from './live/feed.ts';
import { KeptPictures } from './live/kept-pictures.ts';
import { Store } from './live/store.ts';
import { WatchList } from './live/watch-list.ts';
import { Shell } from './shell.tsx';

const connection = new Connection();
const feeds = new Feeds();
const alerts = new AlertList();
const pictures = new KeptPictures();
const watchList = new WatchList(connection);
const app = { connection, feeds, alerts, pictures, watchList, overlay: new Store(true), alertsPanel: new Store(true) };

connection.onFrame = (message) => feeds.take(message);
feeds.onTaken = () => connection.took();
connection.onAlert = ({ alert }) => alerts.take(alert);
connection.onPicture = ({ picture }) => pictures.take(picture);
connection.link.listen(() => {
  if (connection.link.value !== 'open') return;
  void alerts.load(Date.now());
  void pictures.load();
});
connection.start();

const root = document.getElementById('app');
if (root !== null) {
  render(
    <AppContext.Provider value={app}>
      <Shell />
    </AppContext.Provider>,
    root,
  );
}
