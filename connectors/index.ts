export { CameraReport } from './camera-report.ts';
export { CAUSES, type CameraCounters, type CameraState, type CameraStatus, type Cause } from './camera-status.ts';
export { CameraStream } from './camera-stream.ts';
export { causeOfError } from './cause.ts';
export type { Connector, ConnectorParts, Recorded, SettingsInForce, StopReason } from './connector.ts';
export { createConnector, tryRecording } from './create-connector.ts';
export { type Ffmpeg, findFfmpeg } from './ffmpeg/find-ffmpeg.ts';
export { type CameraProbe, PROBE_LIMIT_MS, probeCamera } from './probe-camera.ts';
