"""What each camera saw by the minute, over HTTP into SQLite, without Kafka and without a package, each frame counted once:

    python from_http.py http://127.0.0.1:8080 minutes.db

A token, where the server asks for one, is taken from OCELLI_TOKEN. It catches up first, then follows; when a stream breaks it begins
again from where it was sure to know every camera. What comes again is dropped by its place.
"""

import http.client
import itertools
import json
import os
import sys
import time
import urllib.error
import urllib.request

from minutes import Minutes

RECONNECT_AFTER_S = 1
LINES_A_BATCH = 500


def main(server="http://127.0.0.1:8080", file="minutes.db"):
    minutes = Minutes(file)
    while True:
        try:
            read(server, minutes, follow=False)
            minutes.keep_resume_time()
            read(server, minutes, follow=True)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                sys.exit(f"The server refused: {error.code} {error.read().decode()}")
            print(f"{server}: {error}", file=sys.stderr, flush=True)
        time.sleep(RECONNECT_AFTER_S)


def read(server, minutes, follow):
    """Takes records until the stream ends; a follower keeps each at once."""
    with urllib.request.urlopen(request(server, minutes.resume_time(), follow)) as answer:
        while lines := list(itertools.islice(answer, 1 if follow else LINES_A_BATCH)):
            if not lines[-1].endswith(b"\n"):
                raise OSError("the stream was cut off")
            refuse_error(lines[-1])
            minutes.take(lines)
            print(f"taken: {len(lines)}", flush=True)


def refuse_error(line):
    """A stream that fails says so in its last line."""
    record = json.loads(line)
    if record["type"] == "error":
        raise OSError(record["error"])


def request(server, since, follow):
    start = "beginning" if since is None else since
    token = os.environ.get("OCELLI_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    query = f"from={start}&follow={str(follow).lower()}"
    return urllib.request.Request(f"{server}/api/topics/tracks?{query}", headers=headers)


if __name__ == "__main__":
    main(*sys.argv[1:])
