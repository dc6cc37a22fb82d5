import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { type Grid, largestTiles } from '../grid.ts';
import { useStore } from '../live/use-store.ts';
import { AlertsPanel } from '../parts/alerts-panel.tsx';
import { Empty } from '../parts/empty.tsx';
import { Tile } from '../parts/tile.tsx';

const TILE = { aspect: 16 / 9, caption: 32, gap: 16 };

/** Every camera at once, as large as the window allows. */
export function Wall() {
  const { live } = useApp();
  const cameras = useStore(live.cameras);
  const list = useRef<HTMLUListElement>(null);
  const grid = useGrid(list, cameras?.length ?? 0);
  if (cameras === undefined) return <p class="waiting">Connecting …</p>;
  if (cameras.length === 0) return <Empty />;
  return (
    <div class="wall-page">
      <h1 class="unseen">Wall</h1>
      <div class="wall-space">
        <ul
          class="wall"
          ref={list}
          style={{ '--columns': String(grid.columns), '--tile-width': `${grid.tileWidth}px` }}
          data-scrolls={grid.scrolls}
          onKeyDown={(event) => moveFocus(event, grid.columns)}
        >
          {cameras.map((camera) => (
            <Tile key={camera.id} camera={camera} />
          ))}
        </ul>
      </div>
      <AlertsPanel />
    </div>
  );
}

function useGrid(list: { readonly current: HTMLUListElement | null }, count: number): Grid {
  const [grid, setGrid] = useState<Grid>({ columns: 1, tileWidth: 320, scrolls: false });
  useLayoutEffect(() => {
    const parent = list.current?.parentElement;
    if (parent === null || parent === undefined) return;
    const measure = () => {
      const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(parent);
      const space = {
        width: parent.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight),
        height: parent.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom),
      };
      setGrid(largestTiles(count, space, TILE));
    };
    const resize = new ResizeObserver(measure);
    resize.observe(parent);
    measure();
    return () => resize.disconnect();
  }, [count]);
  return grid;
}

/** Arrows move between tiles as they stand on the screen. */
function moveFocus(event: KeyboardEvent & { readonly currentTarget: HTMLUListElement }, columns: number): void {
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const step = steps[event.key];
  if (step === undefined) return;
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('.tile-link')];
  const current = tiles.findIndex((tile) => tile.contains(document.activeElement));
  const next = tiles[current + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
