/** How pixels travel between processes. */
export type FrameEncoding =
  /** The model's letterboxed frame as a JPEG, `quality` 1…100. */
  | { readonly encoding: 'jpeg'; readonly quality: number }
  /** As the model takes them, without loss. */
  | { readonly encoding: 'raw' };
