const EVERY_MS = 250;

const looking = new Set<() => void>();
let timer = 0;

/** Calls back a few times a second, all who ask in one go: what does not come calls nobody. The returned function ends it. */
export function onLook(look: () => void): () => void {
  looking.add(look);
  if (looking.size === 1) timer = window.setInterval(lookAll, EVERY_MS);
  return () => {
    looking.delete(look);
    if (looking.size === 0) clearInterval(timer);
  };
}

function lookAll(): void {
  for (const look of looking) look();
}
