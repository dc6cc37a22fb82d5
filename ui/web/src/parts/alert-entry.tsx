import { useApp } from '../app-context.ts';
import type { Alert } from '../live/alert-list.ts';
import { useStore } from '../live/use-store.ts';
import { cameraLink } from '../route.ts';
import { alertWords, durationWords, momentWords, sentence, sinceWords } from '../words.ts';
import { KeptPicture } from './kept-picture.tsx';

interface Props {
  readonly alert: Alert;
  /** By the server's clock. */
  readonly now: number;
  readonly withPicture: boolean;
}

/** One alert: what it is, of which camera, since when, what happened, and what the camera showed; leads to the camera and the moment. */
export function AlertEntry({ alert, now, withPicture }: Props) {
  const { kind, state, camera, since, time, cause } = alert;
  const closed = state === 'closed';
  return (
    <li class="alert" data-kind={kind} data-state={state}>
      <p class="alert-head">
        <span class="alert-kind">{alertWords(alert)}</span>
        <a class="alert-camera" href={cameraLink(camera, since)}>
          <bdi>{camera}</bdi>
        </a>
        <time class="number quiet" title={momentWords(closed ? time : since)}>
          {sinceWords(closed ? time : since, now)}
        </time>
      </p>
      <p class="alert-sentence">
        {sentence(alert.problem)} {cause !== undefined && <small class="quiet">{cause}</small>}
        {closed && <span class="quiet"> Lasted {durationWords(time - since)}.</span>}
      </p>
      {withPicture && <AlertPicture alert={alert} />}
    </li>
  );
}

/** What the camera showed when the alert was opened, where that was kept. */
export function AlertPicture({ alert }: { readonly alert: Alert }) {
  const { pictures } = useApp();
  const picture = useStore(pictures.pictures).get(alert.alert);
  if (picture === undefined) return null;
  return (
    <a class="alert-picture" href={cameraLink(alert.camera, alert.since)}>
      <KeptPicture picture={picture} alt={`${alert.camera} at ${momentWords(picture.time)}`} />
    </a>
  );
}
