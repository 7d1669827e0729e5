"""Prints, for every hour of two years, whether it lies in business hours and when the next ones begin.

It knows nothing of Daybreak: it reads the wall clock with zoneinfo, minute by quarter hour, and looks.
Argument: JSON of {zone, days, from, to, holidays, start, end}; output: one line "epoch inside next" per hour.
"""
import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

case = json.loads(sys.argv[1])
zone = ZoneInfo(case["zone"])
quarter = 900


def inside(epoch):
    wall = datetime.fromtimestamp(epoch, zone)
    minutes = wall.hour * 60 + wall.minute
    begin, end = case["from"], case["to"]

    def open_on(date):
        # Python counts days from Monday; the settings count from Sunday.
        return (date.weekday() + 1) % 7 in case["days"] and date.isoformat() not in case["holidays"]

    if end > begin:
        return open_on(wall.date()) and begin <= minutes < end
    late = open_on(wall.date()) and minutes >= begin
    early = open_on(wall.date() - timedelta(days=1)) and minutes < end
    return late or early


start = int(datetime.fromisoformat(case["start"]).replace(tzinfo=timezone.utc).timestamp())
stop = int(datetime.fromisoformat(case["end"]).replace(tzinfo=timezone.utc).timestamp())
following = None
answers = []
for epoch in range(stop + 40 * 86400, start - quarter, -quarter):
    now = inside(epoch)
    if now:
        following = epoch
    if epoch % 3600 == 0 and start <= epoch < stop:
        answers.append(f"{epoch} {int(now)} {following}")
print("\n".join(reversed(answers)))
