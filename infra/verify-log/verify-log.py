#!/usr/bin/env python3
"""Checks the hash chain of a Headwater log, as GET /log hands it out. Needs Python 3.8 and nothing else.

    verify-log.py http://localhost:8081 --token-file ~/.headwater/authorization
    verify-log.py log.ndjson                      a file with answers of GET /log, in order; - is standard input

    --from POSITION:HASH   begin after that event, whose hash is known to be right
    --state FILE           begin where FILE says; write there how far the log was found whole

Ends with 0 if the log is whole, 1 if it is not (each fault on a line of its own, with the position), 2 if it
cannot be read. What is hashed: docs/log.md.
"""
import argparse
import hashlib
import os
import re
import sys
import urllib.error
import urllib.request

LINE = re.compile(rb'\{"position":([1-9][0-9]{0,17}),"hash":"([0-9a-f]{64})","event":(\{.*\})\}\n', re.DOTALL)
FIRST = bytes(32)
LONGEST_LINE = 1 << 30
MOST_FAULTS = 20
PAGE = 100_000


class CannotRead(Exception):
    pass


class Chain:
    """Follows the chain line by line. After a fault it goes on, so that each fault is told by itself."""

    def __init__(self, position, digest):
        self.position = position
        self.before = [digest]  # what the hash before may be; several after a fault, none where it is not known
        self.faults = 0

    def fault(self, position, words):
        self.faults += 1
        if self.faults <= MOST_FAULTS:
            print(f"position {position}: {words}")

    def add(self, line):
        parts = LINE.fullmatch(line)
        if not parts:
            self.position += 1
            self.before = []
            self.fault(self.position, "the line is not of the form that docs/log.md gives")
            return
        position, stated, event = int(parts[1]), bytes.fromhex(parts[2].decode()), parts[3]
        expected = self.position + 1
        if position != expected:
            if position > expected:
                self.fault(expected, f"missing; the next line says it is position {position}")
            else:
                self.fault(expected, f"the line says it is position {position}")
        digest = hashlib.sha256(event).digest()
        computed = [hashlib.sha256(before + digest).digest() for before in self.before]
        if position != expected:
            # A line with a wrong number, or lines left out? The chain tells.
            right_here = stated in computed
            self.position = expected if right_here or position < expected else position
            self.before = [stated]
        elif not self.before or stated in computed:
            self.position = position
            self.before = [stated]
        else:
            self.position = position
            self.fault(position, "the event, or its hash, is not what was appended")
            self.before = [stated] + computed

    def state(self):
        return f"{self.position}:{self.before[0].hex()}"


def read_lines(stream, chain):
    while True:
        line = stream.readline(LONGEST_LINE)
        if not line:
            return
        chain.add(line)


def read_service(url, authorization, chain):
    epoch = None
    while True:
        # From the second page on with the epoch, so that a restore in between is told.
        after = f"{epoch}.{chain.position}" if epoch else str(chain.position)
        request = urllib.request.Request(f"{url}/log?after={after}&limit={PAGE}")
        if authorization:
            request.add_header("Authorization", authorization)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                token = answer.headers["Consistency-Token"]
                begin = chain.position
                read_lines(answer, chain)
                epoch, end = token.split(".")
                if chain.position < int(end):
                    chain.fault(chain.position + 1, f"missing, as is all up to position {end}")
                    chain.position, chain.before = int(end), []
                if 'rel="next"' not in (answer.headers["Link"] or "") or chain.position == begin:
                    return
        except urllib.error.HTTPError as refusal:
            raise CannotRead(f"{refusal.code} from {request.full_url}: {refusal.read(2000).decode(errors='replace')}")
        except (OSError, ValueError, EOFError) as failure:
            raise CannotRead(f"{request.full_url}: {failure}")


def start(options):
    text = options.start
    if options.state and os.path.exists(options.state):
        with open(options.state, encoding="ascii") as file:
            text = file.read().strip()
    if not text:
        return Chain(0, FIRST)
    parts = re.fullmatch("([0-9]{1,18}):([0-9a-f]{64})", text)
    if not parts:
        raise CannotRead(f'"{text}" is not <position>:<hash, 64 hex digits>')
    return Chain(int(parts[1]), bytes.fromhex(parts[2]))


def authorization(path):
    if not path:
        return None
    with open(os.path.expanduser(path), encoding="utf-8") as file:
        text = file.read().strip()
    if text.lower().startswith("authorization:"):
        return text.split(":", 1)[1].strip()
    return text if text.startswith("Bearer ") else "Bearer " + text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("--token-file")
    parser.add_argument("--from", dest="start", metavar="POSITION:HASH")
    parser.add_argument("--state", metavar="FILE")
    options = parser.parse_args()
    try:
        chain = start(options)
        begin = chain.position
        if options.source.startswith(("http://", "https://")):
            read_service(options.source.rstrip("/"), authorization(options.token_file), chain)
        elif options.source == "-":
            read_lines(sys.stdin.buffer, chain)
        else:
            with open(options.source, "rb") as file:
                read_lines(file, chain)
    except (CannotRead, OSError) as problem:
        print(f"cannot read the log: {problem}", file=sys.stderr)
        return 2
    if chain.faults:
        print(f"NOT WHOLE: {chain.faults} fault(s) after position {begin} up to {chain.position}")
        return 1
    print(f"whole: {chain.position - begin} events after position {begin}; keep this: {chain.state()}")
    if options.state:
        with open(options.state + ".new", "w", encoding="ascii") as file:
            file.write(chain.state() + "\n")
        os.replace(options.state + ".new", options.state)
    return 0


if __name__ == "__main__":
    sys.exit(main())
