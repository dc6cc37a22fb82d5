import { OcelliError } from '../errors.ts';
import { isTopic, TOPIC_NAMES, type Topic } from './topic.ts';

/** The topic that people name. @throws OcelliError TOPIC_UNKNOWN, with those that there are */
export function readTopic(name: string): Topic {
  if (isTopic(name)) return name;
  throw new OcelliError('TOPIC_UNKNOWN', `There is no topic ${JSON.stringify(name)}; expected one of ${TOPIC_NAMES.join(', ')}.`);
}
