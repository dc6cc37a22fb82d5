/** The detection operator: frames in, objects out. */
export { type DetectOptions, detect } from './detect.ts';
export { type LoadedModel, loadModel } from './load-model.ts';
export type { FrameToDetect } from './worker-client.ts';
