"""What each camera saw by the minute, over HTTP into SQLite, without Kafka and without a package, each frame counted once:

    python from_http.py http://127.0.0.1:8080 minutes.db

A token, where the server asks for one, is taken from OCELLI_TOKEN. A stream that breaks is taken up again where it broke.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

from minutes import Minutes

RECONNECT_AFTER_S = 1


def main(server="http://127.0.0.1:8080", file="minutes.db"):
    minutes = Minutes(file)
    while True:
        try:
            follow(server, minutes)
        except OSError as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                sys.exit(f"The server refused: {error.code} {error.read().decode()}")
            print(f"{server}: {error}", file=sys.stderr, flush=True)
        time.sleep(RECONNECT_AFTER_S)


def follow(server, minutes):
    """Takes records as they come, until the stream ends."""
    with urllib.request.urlopen(request(server, minutes.resume_time())) as answer:
        for line in answer:
            if not line.endswith(b"\n"):
                return  # cut off: it comes again
            if json.loads(line)["type"] == "error":
                raise OSError(json.loads(line)["error"])
            minutes.take([line])
            print("taken", flush=True)


def request(server, since):
    start = "beginning" if since is None else since
    token = os.environ.get("OCELLI_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return urllib.request.Request(f"{server}/api/topics/tracks?from={start}&follow=true", headers=headers)


if __name__ == "__main__":
    main(*sys.argv[1:])
