import type { ImageSize, Provenance } from '../records/record.ts';

/** A model as the rest of the engine sees it: where frames must fit, and what its answers carry. */
export interface Model {
  readonly provenance: Omit<Provenance, 'settings'>;
  readonly classes: readonly string[];
  /** Size of the input in pixels; the picture is fitted inside, centred, with grey bars (`pad`, 0…255). */
  readonly input: ImageSize & { readonly pad: number };
}
