import { useState } from 'preact/hooks';
import type { Feed } from '../live/feed.ts';

const SAID_MS = 2000;

/** Copies the record under the picture, as it is in the topic. */
export function CopyRecord({ feed }: { readonly feed: Feed }) {
  const [said, setSaid] = useState('');
  const say = (words: string) => {
    setSaid(words);
    setTimeout(() => setSaid(''), SAID_MS);
  };
  const copy = async () => {
    const record = feed.newest?.header.record;
    if (record === undefined) return say('There is no picture yet.');
    await navigator.clipboard.writeText(JSON.stringify(record, null, 2)).then(
      () => say('Copied.'),
      () => say('The browser does not allow it.'),
    );
  };
  return (
    <p class="copy">
      <button class="button" type="button" onClick={() => void copy()}>
        Copy this frame's record
      </button>
      <span role="status" class="quiet">
        {said}
      </span>
    </p>
  );
}
