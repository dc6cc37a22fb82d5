import type { ProbeReply } from '../../../cameras.ts';

export type Preview =
  | { readonly state: 'none' | 'trying' | 'failed' }
  | { readonly state: 'shown'; readonly reply: Extract<ProbeReply, { ok: true }> };

interface Props {
  readonly preview: Preview;
  readonly onTry: () => void;
}

const WORDS = {
  none: 'Try it to see its picture before it is saved.',
  trying: 'Waiting for the first picture; at most ten seconds.',
  failed: 'No picture. What is wrong stands at the field.',
} as const;

/** The first picture of a camera that is tried, and what it is. */
export function CameraPreview({ preview, onTry }: Props) {
  const busy = preview.state === 'trying';
  return (
    <section class="camera-preview" aria-label="Try the camera">
      <div class="preview-picture" data-state={preview.state}>
        {preview.state === 'shown' ? (
          <img src={preview.reply.picture} alt="What the camera sees" />
        ) : (
          <p class="quiet">{WORDS[preview.state]}</p>
        )}
      </div>
      <div class="preview-foot">
        <button class="button" type="button" aria-disabled={busy} onClick={() => !busy && onTry()}>
          {busy ? 'Trying …' : preview.state === 'none' ? 'Try it' : 'Try again'}
        </button>
        <p class="number" role="status">
          {preview.state === 'shown' && factsOf(preview.reply)}
          {preview.state === 'failed' && <span class="unseen">No picture came.</span>}
        </p>
      </div>
    </section>
  );
}

function factsOf({ codec, image, fps }: Extract<ProbeReply, { ok: true }>): string {
  return [codec, `${image.width} × ${image.height}`, fps === undefined ? undefined : `${fps} fps`].filter(Boolean).join(' · ');
}
