/** Milliseconds of a clock that page and worker share and that no setting moves; of use only for differences. `performance.now()` counts from another moment in each. */
export function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}
