"""Deadlines of scheduled starts, found by a walk over every quarter of an hour with zoneinfo: no arithmetic of offsets.

Input: one JSON case a line, {zone, starts_zone, weekdays (0 is Sunday), hours, minute, ready_by, from, to}; from and to are minutes since 1970.
Output: one JSON list of [start, ready_by] a line, in minutes since 1970.
"""

import json
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo


def walls(zone, start, end):
    tz = ZoneInfo(zone)
    for minute in range(start, end, 15):
        yield minute, datetime.fromtimestamp(minute * 60, timezone.utc).astimezone(tz).replace(tzinfo=None, fold=0)


def starts(case):
    seen = set()
    for minute, wall in walls(case["starts_zone"], case["from"], case["to"]):
        hit = wall.minute == case["minute"] and wall.hour in case["hours"]
        if hit and wall.isoweekday() % 7 in case["weekdays"] and wall not in seen:
            seen.add(wall)
            yield minute


def moments(case):
    """Per calendar day the first quarter at which the clock shows the time of day or more."""
    done = set()
    for minute, wall in walls(case["zone"], case["from"], case["to"]):
        passed = wall.hour * 60 + wall.minute >= case["ready_by"]
        if passed and wall.date() not in done:
            done.add(wall.date())
            yield minute


def deadlines(case):
    by_moment = {}
    all_moments = list(moments(case))
    index = 0
    for start in starts(case):
        while index < len(all_moments) and all_moments[index] <= start:
            index += 1
        if index < len(all_moments):
            by_moment[all_moments[index]] = start
    return [[start, moment] for moment, start in sorted(by_moment.items())]


for line in sys.stdin:
    print(json.dumps(deadlines(json.loads(line))))
