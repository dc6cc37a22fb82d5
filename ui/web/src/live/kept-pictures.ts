import type { KeptPicture } from '../../../protocol.ts';
import { Store } from './store.ts';

/** The pictures that the server keeps, by the id of the record that each was kept for. */
export class KeptPictures {
  readonly pictures = new Store<ReadonlyMap<string, KeptPicture>>(new Map());

  take(picture: KeptPicture): void {
    this.pictures.set(new Map([...this.pictures.value, [picture.id, picture]]));
  }

  /** Reads what is kept; called at each connection. */
  async load(): Promise<void> {
    const answer = await fetch('/api/pictures').catch(() => undefined);
    if (!answer?.ok) return;
    const { pictures } = (await answer.json()) as { readonly pictures: readonly KeptPicture[] };
    this.pictures.set(new Map(pictures.map((picture) => [picture.id, picture])));
  }
}

export function pictureAddress(id: string): string {
  return `/api/pictures/${id.split('/').map(encodeURIComponent).join('/')}`;
}
