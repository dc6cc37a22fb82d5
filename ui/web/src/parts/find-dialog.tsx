import { useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { useStore } from '../live/use-store.ts';
import { cameraLink } from '../route.ts';
import { Dialog } from './dialog.tsx';

const MOST = 8;

/** Finds a camera by a part of its name; enter opens the first. */
export function FindDialog({ onClose }: { readonly onClose: () => void }) {
  const { live } = useApp();
  const cameras = useStore(live.cameras) ?? [];
  const [text, setText] = useState('');
  const found = cameras.filter(({ id }) => id.toLowerCase().includes(text.trim().toLowerCase())).slice(0, MOST);
  const open = (event: Event) => {
    event.preventDefault();
    if (found[0] === undefined) return;
    location.hash = cameraLink(found[0].id);
    onClose();
  };
  return (
    <Dialog title="Find a camera" onClose={onClose}>
      <form onSubmit={open}>
        <input
          class="field"
          aria-label="Name of the camera"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          autoFocus
        />
      </form>
      <ul class="found">
        {found.map(({ id }) => (
          <li key={id}>
            <a href={cameraLink(id)} onClick={onClose}>
              {id}
            </a>
          </li>
        ))}
        {found.length === 0 && <li class="quiet">No camera has this in its name.</li>}
      </ul>
    </Dialog>
  );
}
