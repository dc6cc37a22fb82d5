"""What each camera saw by the minute, out of Kafka into SQLite, each frame counted once, also over `kill -9`:

    pip install -r requirements.txt
    python from_kafka.py localhost:9092 minutes.db

Only when results are kept Kafka is told how far we are. What comes again is dropped by its place.
"""

import signal
import sys

from confluent_kafka import Consumer, KafkaException

from minutes import Minutes


def main(brokers="localhost:9092", file="minutes.db", topic="ocelli.tracks", group="minutes-python"):
    stop = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.append(True))
    minutes = Minutes(file)
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": group, "auto.offset.reset": "earliest",
                         "enable.auto.commit": False})
    consumer.subscribe([topic])
    try:
        while not stop:
            take_batch(consumer, minutes)
    finally:
        consumer.close()


def take_batch(consumer, minutes):
    messages = consumer.consume(num_messages=500, timeout=0.5)
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
    if not messages:
        return
    minutes.take([message.value() for message in messages])
    consumer.commit(asynchronous=False)
    for partition in sorted({message.partition() for message in messages}):
        last = max(message.offset() for message in messages if message.partition() == partition)
        print(f"partition {partition}: taken up to {last}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
