import { OcelliError } from '../engine/errors.ts';
import type { KafkaFramesOptions } from '../engine/frames/kafka-frames.ts';
import { kafkaSettings } from './open-log.ts';
import type { RoleParts } from './role.ts';

/** What both ends of the frame bus need: the bus lies in the Kafka of the log. */
export function frameBusOptions({ configuration, file, log, clock, pool, model }: RoleParts): KafkaFramesOptions {
  const address = configuration.log;
  if (address.kind !== 'kafka') throw new OcelliError('CONFIG_INVALID', 'Frames travel over Kafka only; expected log: kafka://…');
  return { settings: kafkaSettings(address, file), log, clock, pool, model: model.input };
}
