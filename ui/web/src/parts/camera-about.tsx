import type { CameraHealthFacts } from '../../../health.ts';
import type { CameraHistoryAnswer } from '../../../history.ts';
import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { useStore } from '../live/use-store.ts';
import { fpsWords, lookedWords, sentence, shedWords } from '../words.ts';

interface StreamProps {
  readonly camera: CameraFacts;
  readonly history: CameraHistoryAnswer | undefined;
  readonly restarts: CameraHealthFacts['restarts'];
}

/** What is known about a camera's connection, and what becomes of its frames. */
export function StreamAbout({ camera, history, restarts }: StreamProps) {
  const { address, fps, targetFps, state, detail } = camera;
  const causes = Object.entries(restarts).map(([cause, count]) => `${count} × ${cause}`);
  return (
    <section>
      <h2>Stream</h2>
      <dl class="pairs">
        <dt>Address</dt>
        <dd class="number address">{address}</dd>
        <dt>Comes</dt>
        <dd class="number">{fpsWords(fps, targetFps)}</dd>
        <dt>Looked at, last minute</dt>
        <dd class="number">{lookedWords(history?.seconds ?? []) ?? '–'}</dd>
        <Skipped camera={camera} />
        <dt>Reconnects since the start</dt>
        <dd class="number">{causes.length === 0 ? 'none' : causes.join(', ')}</dd>
        {detail !== undefined && state !== 'running' && (
          <>
            <dt>Now</dt>
            <dd>{sentence(detail)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Skipped({ camera }: { readonly camera: CameraFacts }) {
  const { total, reasons } = shedWords(camera.shed);
  return (
    <>
      <dt>Skipped, last minute</dt>
      <dd class="number">
        {total}
        {total > 0 && <small class="quiet"> {reasons}</small>}
      </dd>
    </>
  );
}

/** The model, and where it comes from, in one line. */
export function ModelAbout() {
  const model = useStore(useApp().live.site)?.model;
  if (model === undefined) return null;
  return (
    <section>
      <h2>Model</h2>
      <p>
        {model.name} {model.version} · trained on {model.dataset} ·{' '}
        <span class="number" title={model.sha256}>
          {model.sha256.slice(0, 8)}…
        </span>
      </p>
    </section>
  );
}

/** What the decoder said last, redacted. */
export function DecoderAbout({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <details>
      <summary>Last words of the decoder</summary>
      <pre class="lines">{lines.join('\n')}</pre>
    </details>
  );
}
