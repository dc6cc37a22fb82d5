import { render } from 'preact';
import './styles/tokens.css';
import './styles/layout.css';
import './styles/wall.css';
import './styles/pages.css';
import { AppContext } from './app-context.ts';
import { AlertList } from './live/alert-list.ts';
import { Connection } from './live/connection.ts';
import { Feeds } from './live/feed.ts';
import { Store } from './live/store.ts';
import { WatchList } from './live/watch-list.ts';
import { Shell } from './shell.tsx';

const connection = new Connection();
const feeds = new Feeds();
const alerts = new AlertList();
const app = { connection, feeds, alerts, watchList: new WatchList(connection), overlay: new Store(true) };

connection.onFrame = (message) => feeds.take(message);
connection.onAlert = ({ alert }) => alerts.take(alert);
connection.link.listen(() => {
  if (connection.link.value === 'open') void alerts.load(Date.now());
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
