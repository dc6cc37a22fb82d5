"""What each camera saw by the minute, in SQLite, each frame counted once. Results and progress are kept in one transaction."""

import json
import sqlite3

from place_rule import NOTHING_UNSEEN, admit

TABLES = """
CREATE TABLE IF NOT EXISTS minutes (camera, minute, looked, unseen, most, PRIMARY KEY (camera, minute));
CREATE TABLE IF NOT EXISTS progress (camera PRIMARY KEY, session, seq, time);
CREATE TABLE IF NOT EXISTS resume (only INTEGER PRIMARY KEY CHECK (only = 1), time);
"""
ADD = """
INSERT INTO minutes VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
  looked = looked + excluded.looked, unseen = unseen + excluded.unseen, most = max(most, excluded.most)
"""


class Minutes:
    def __init__(self, file):
        self.database = sqlite3.connect(file)
        self.database.executescript(TABLES)
        rows = self.database.execute("SELECT * FROM progress")
        self.progress = {camera: (session, seq, time) for camera, session, seq, time in rows}

    def take(self, lines):
        """Counts lines of JSON; when it returns they are on the disk."""
        with self.database:  # one transaction
            cameras = {camera for line in lines for camera in self._take(json.loads(line))}
            for camera in cameras:
                self.database.execute("INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?)", (camera, *self.progress[camera]))

    def resume_time(self):
        """Where to begin reading over HTTP; None: at the beginning."""
        row = self.database.execute("SELECT time FROM resume").fetchone()
        return row and row[0]

    def keep_resume_time(self):
        """To be called when all that there is was taken, so that no camera is unknown: the time of the one furthest behind."""
        time = min((time for _, _, time in self.progress.values()), default=None)
        with self.database:
            self.database.execute("INSERT OR REPLACE INTO resume VALUES (1, ?)", (time,))

    def _take(self, record):
        camera = record["camera"]
        new, self.progress[camera] = admit(record, self.progress.get(camera))
        for one in new:
            self._count(one)
        return [camera] if new else []

    def _count(self, record):
        if record["type"] == "tracks":
            confirmed = sum(one["state"] == "confirmed" for one in record["objects"])
            self._add(record, 1, 0, confirmed)
        if record["type"] == "gap" and record["reason"] not in NOTHING_UNSEEN:
            self._add(record, 0, record["to"] - record["from"] + 1, 0)

    def _add(self, record, looked, unseen, most):
        self.database.execute(ADD, (record["camera"], record["time"] // 60_000, looked, unseen, most))
