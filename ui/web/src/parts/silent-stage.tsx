import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { openAlerts } from '../live/alert-list.ts';
import { pictureAddress } from '../live/kept-pictures.ts';
import { useStore } from '../live/use-store.ts';
import { silenceWords, unlinkedWords } from '../words.ts';

/** What a blind camera showed last, for a page that was opened after that. */
export function LastPicture({ camera }: { readonly camera: string }) {
  const { alerts, pictures } = useApp();
  const kept = useStore(pictures.pictures);
  const open = openAlerts(useStore(alerts.alerts)).find((alert) => alert.camera === camera && kept.has(alert.alert));
  return open === undefined ? null : <img class="picture" src={pictureAddress(open.alert)} alt="" />;
}

/** Why a stage is grey, since when, and what is done about it. */
export function SilentWords({ camera }: { readonly camera: CameraFacts }) {
  const { live } = useApp();
  const link = useStore(live.link);
  const last = live.picture(camera.id).value?.captured ?? camera.lastFrameAt;
  const { title, cause, next } = link === 'open' ? silenceWords(camera, last, live.now) : unlinkedWords(last);
  return (
    <div class="silence" role="status">
      <strong>{title}</strong>
      {cause !== undefined && <p>{cause}</p>}
      {next !== undefined && <p class="number">{next}</p>}
    </div>
  );
}
