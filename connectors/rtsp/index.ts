export type { AccessUnit } from './access-unit.ts';
export { RtspSource, type SourceDescription, type SourceEvents } from './rtsp-source.ts';
