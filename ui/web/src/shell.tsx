import { useEffect, useState } from 'preact/hooks';
import { useApp } from './app-context.ts';
import { openAlerts } from './live/alert-list.ts';
import { useStore } from './live/use-store.ts';
import { AlertsPage } from './pages/alerts-page.tsx';
import { CameraPage } from './pages/camera-page.tsx';
import { CamerasPage } from './pages/cameras-page.tsx';
import { ClusterPage } from './pages/cluster-page.tsx';
import { HealthPage } from './pages/health-page.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { Wall } from './pages/wall.tsx';
import { ClockFace } from './parts/clock-face.tsx';
import { FindDialog } from './parts/find-dialog.tsx';
import { KeysDialog } from './parts/keys-dialog.tsx';
import { Mark } from './parts/mark.tsx';
import type { Route } from './read-route.ts';
import { route } from './route.ts';
import { useShortcuts } from './shortcuts.ts';

const TITLES = { wall: 'Wall', camera: 'Camera', alerts: 'Alerts', health: 'Health', cameras: 'Cameras', cluster: 'Cluster' } as const;

/** The frame around every page: where one is, where one can go, and whether the server is there. */
export function Shell() {
  const { live } = useApp();
  const here = useStore(route);
  const link = useStore(live.link);
  const [dialog, setDialog] = useState<'keys' | 'find' | undefined>();
  useShortcuts({ openKeys: () => setDialog('keys'), openFind: () => setDialog('find') });
  useEffect(() => {
    document.title = `${here.page === 'camera' ? here.id : TITLES[here.page]} · Ocelli`;
  }, [here]);
  if (link === 'token-needed') return <SignIn onSignedIn={() => live.connectNow()} />;
  return (
    <div class="shell" data-link={link}>
      <Header here={here} />
      {link === 'lost' && (
        <p class="lost" role="status">
          Reconnecting … The server does not answer; nothing on this page is live.
        </p>
      )}
      <main class="main" id="main" tabIndex={-1}>
        <Page here={here} />
      </main>
      {dialog === 'keys' && <KeysDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'find' && <FindDialog onClose={() => setDialog(undefined)} />}
    </div>
  );
}

function Header({ here }: { readonly here: Route }) {
  const { alerts } = useApp();
  const open = openAlerts(useStore(alerts.alerts)).length;
  const current = (page: Route['page']) => (here.page === page ? 'page' : page === 'wall' && here.page === 'camera' ? 'true' : undefined);
  const item = (page: Route['page'], href: string, text: string) => (
    <a href={href} aria-current={current(page)}>
      {text}
    </a>
  );
  return (
    <header class="header">
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place on this page; a hash alone would lead to another page. */}
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to content
      </a>
      <a class="brand" href="#/" aria-label="Ocelli, to the wall">
        <Mark />
        <span>Ocelli</span>
      </a>
      <nav aria-label="Pages">
        {item('wall', '#/', 'Wall')}
        <a href="#/alerts" aria-current={current('alerts')}>
          Alerts
          {open > 0 && (
            <span class="open-alerts">
              {open}
              <span class="unseen"> open</span>
            </span>
          )}
        </a>
        {item('health', '#/health', 'Health')}
        {item('cameras', '#/cameras', 'Cameras')}
        {item('cluster', '#/cluster', 'Cluster')}
      </nav>
      <ClockFace />
    </header>
  );
}

/** A hash would change the page: the focus is moved instead. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Page({ here }: { readonly here: Route }) {
  if (here.page === 'camera') return <CameraPage key={here.id} id={here.id} at={here.at} />;
  if (here.page === 'alerts') return <AlertsPage />;
  if (here.page === 'health') return <HealthPage />;
  if (here.page === 'cluster') return <ClusterPage />;
  return here.page === 'cameras' ? <CamerasPage /> : <Wall />;
}
