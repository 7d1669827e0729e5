"""An independent reading of schedules: the times on a zone's wall, by Python's zoneinfo, and which of them an input does not fit. Reads cases as JSON on stdin, answers as JSON on stdout."""
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def exists(wall, zone):
    """The instants at which the zone's clock shows the wall time; zoneinfo answers for any time, so the way back decides."""
    found = {wall.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc) for fold in (0, 1)}
    return sorted(t for t in found if t.astimezone(zone).replace(tzinfo=None, fold=0) == wall)


def starts(case, now):
    zone = ZoneInfo(case["zone"])
    wall = now.astimezone(zone).replace(tzinfo=None, fold=0, hour=case["hour"], minute=case["minute"], second=0)
    wall -= timedelta(days=1)
    times, skipped, repeated = [], None, None
    while len(times) < 400:
        wall += timedelta(days=1)
        if case["weekday"] is not None and wall.weekday() != case["weekday"]:
            continue
        instants = exists(wall, zone)
        if not instants and wall > now.astimezone(zone).replace(tzinfo=None):
            skipped = skipped or wall.date().isoformat()
        if len(instants) == 2:
            repeated = repeated or wall.date().isoformat()
        if instants and instants[0] > now:
            times.append(instants[0])
    return zone, times, skipped, repeated


def value(kind, time, zone):
    local = time.astimezone(zone)
    if kind == "today":
        return local.date().isoformat()
    if kind == "yesterday":
        return (local.date() - timedelta(days=1)).isoformat()
    offset = local.utcoffset()
    minutes = int(offset.total_seconds() // 60)
    if minutes == 0:
        return local.strftime("%Y-%m-%dT%H:%M:%SZ")
    sign = "+" if minutes > 0 else "-"
    return local.strftime("%Y-%m-%dT%H:%M:%S") + f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def answer(case, now):
    zone, times, skipped, repeated = starts(case, now)
    refused = [t for t in times if not re.search(case["pattern"], value(case["kind"], t, zone))]
    first = refused[0].strftime("%Y-%m-%dT%H:%M:%SZ") if refused else None
    return {"first": first, "count": len(refused), "skipped": skipped, "repeated": repeated}


asked = json.load(sys.stdin)
moment = datetime.fromisoformat(asked["now"])
json.dump([answer(case, moment) for case in asked["cases"]], sys.stdout)
