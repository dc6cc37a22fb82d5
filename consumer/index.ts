/** For programs that read the topics over Kafka or HTTP: types, a parser that later versions do not surprise, each place once, gaps, resume. */
export { comparePlaces, firstPlace, lastPlace, type Place } from '../engine/records/place.ts';
export type * from '../engine/records/public-types.ts';
export { gapFrames, isBlind } from './gap.ts';
export { RecordInvalid, readRecord } from './read-record.ts';
export { type AccountTopic, type CameraProgress, resumeTime, type Taken, TopicReader } from './topic-reader.ts';
