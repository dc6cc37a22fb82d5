/** What a program needs that reads the topics: the records, their definitions, the place rule and the place checker. */
export { type Account, type AccountOptions, type Breach, type CameraAccount, checkAccount } from './account.ts';
export { parseRecord } from './parse-record.ts';
export { comparePlaces, firstPlace, lastPlace, type Place } from './place.ts';
export { type Admission, admit, type Hole, PlaceRule, type Progress } from './place-rule.ts';
export type * from './public-types.ts';
export { TOPICS } from './topic.ts';
