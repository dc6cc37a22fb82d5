/** The detection operator: frames in, objects out. And its parts, for who measures a model with the code that runs it. */
export { type DetectOptions, detect, tryProvider, workersOf } from './detect.ts';
export { DetectorSession } from './detector-session.ts';
export { type LoadedModel, loadModel } from './load-model.ts';
export { modelCard, readModelCard } from './model-card.ts';
export { type Detection, decodeYolo } from './yolo-decode.ts';
