"""Each place of each camera once: see "The place rule" in docs/topics.md."""

# Reasons of gaps in which nothing went unseen.
NOTHING_UNSEEN = {"still", "skipped"}


def places(record):
    """The first and the last place that a record covers: a gap covers several."""
    return record.get("from", record.get("seq")), record.get("to", record.get("seq"))


def admit(record, progress):
    """What of a record is new, as a list: nothing, the record, or a gap for what was lost before it and the record.

    `progress` is the camera's (session, seq, time), or None where nothing is known. Returns the list and the new progress.
    """
    first, last = places(record)
    session, seq, time = progress or (record["session"], first - 1, 0)
    if (record["session"], last) <= (session, seq):
        return [], progress
    next_seq = seq + 1 if record["session"] == session else 0
    new = []
    if first > next_seq:
        new.append({"type": "gap", "camera": record["camera"], "session": record["session"], "from": next_seq,
                    "to": first - 1, "time": time, "until": max(time, record["time"]), "reason": "lost"})
    if first < next_seq:
        record = {**record, "from": next_seq, "time": time}
    new.append(record)
    return new, (record["session"], last, max(time, record.get("until", record["time"])))
