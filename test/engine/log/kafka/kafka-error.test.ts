import { expect, it } from 'vitest';
import { meaningOf } from '../../../../engine/log/kafka/kafka-error.ts';

it('takes a connection that was closed under a request for a passing fault', () => {
  expect(meaningOf(new Error('Broker not connected'), 'Kafka at broker-1:9092')).toMatchObject({ kind: 'passing' });
});

it('takes what it does not know for final, and says what it was', () => {
  const meaning = meaningOf(new Error('no such thing'), 'Kafka at broker-1:9092');
  expect(meaning).toMatchObject({ kind: 'final', error: { code: 'LOG_CORRUPT', message: 'Kafka at broker-1:9092 failed: no such thing' } });
});
