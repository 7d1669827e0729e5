"""Random documents for the columns of json-chain.ts, in any valid spelling, and their comparison with what arrived.

  random-documents.py write SEED COUNT     one line of JSON items per document
  random-documents.py compare              stdin: {"sent": "...", "arrived": "..."} per line; prints the first difference
"""
import json
import random
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal

TEXTS = ["", " ", "null", "1.10", "M\u00fcller \u20ac", "\U0001f600", "e\u0301", "\ufffd", "a\"b\\c", "\t\n\r\x01\x7f\u2028", "2026-02-30", "\ufeffx", "__proto__", "x" * 300]


def text(rng):
    value = rng.choice(TEXTS) if rng.random() < 0.5 else "".join(chr(rng.choice([rng.randint(1, 0xD7FF), rng.randint(0xE000, 0x10FFFF)])) for _ in range(rng.randint(0, 6)))
    return json.dumps(value, ensure_ascii=rng.random() < 0.5)


def integer(rng, bits):
    edge = [0, 1, -1, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)), 2**53 + 1 if bits > 54 else 7, 10 ** (bits // 4)]
    value = rng.choice(edge) if rng.random() < 0.4 else rng.randint(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return str(value)


def decimal(rng, before, scale):
    digits = str(rng.randint(0, 10 ** rng.randint(1, before) - 1))
    part = "".join(rng.choice("0123456789") for _ in range(rng.randint(0, scale)))
    sign = "-" if rng.random() < 0.3 else ""
    plain = f"{sign}{digits}.{part}" if part else f"{sign}{digits}"
    kind = rng.random()
    if kind < 0.6:
        return plain
    if kind < 0.8:
        return f"{Decimal(plain):E}"
    return plain + ("0" * rng.randint(1, 5) if part else ".000")


def double(rng):
    value = rng.choice([0.1, 5e-324, 1.7976931348623157e308, -0.0, 1e21, 1e-7, 123456789.12345679, 2.0**60]) if rng.random() < 0.3 else rng.uniform(-1, 1) * 10 ** rng.randint(-300, 300)
    return rng.choice([repr(value), "%.17g" % value, "%.16e" % value])


def moment(rng):
    utc = datetime(1, 1, 2, tzinfo=timezone.utc) + timedelta(microseconds=rng.randint(0, 315537724800 * 10**6))
    shift = timedelta(minutes=rng.choice([0, 60, -300, 345, 840, -720, 90]))
    local = (utc + shift).replace(tzinfo=None)
    text = local.isoformat(sep=rng.choice("T "))
    zone = "Z" if not shift else "%s%02d:%02d" % ("-" if shift < timedelta(0) else "+", *divmod(abs(int(shift.total_seconds())) // 60, 60))
    return json.dumps(text + zone)


def struct(rng):
    fields = [f'"price":{maybe(rng, lambda: decimal(rng, 14, 4))}', f'"quantity":{maybe(rng, lambda: integer(rng, 64))}', f'"tags":{maybe(rng, lambda: "[" + ",".join(maybe(rng, lambda: text(rng)) for _ in range(rng.randint(0, 3))) + "]")}']
    rng.shuffle(fields)
    return "{" + ",".join(fields) + "}"


def maybe(rng, make):
    return "null" if rng.random() < 0.1 else make()


def item(rng):
    made = {
        "id": lambda: integer(rng, 64),
        "count": lambda: integer(rng, 32),
        "amount": lambda: decimal(rng, 14, 4),
        "large": lambda: decimal(rng, 28, 10),
        "ratio": lambda: double(rng),
        "name": lambda: text(rng),
        "is_new": lambda: rng.choice(["true", "false"]),
        "day": lambda: json.dumps((datetime(1, 1, 1) + timedelta(days=rng.randint(0, 3652058))).strftime("%Y-%m-%d").zfill(10)),
        "at": lambda: moment(rng),
        "items": lambda: "[" + ",".join(struct(rng) for _ in range(rng.randint(0, 3))) + "]",
    }
    names = [name for name in made if rng.random() < 0.9]
    rng.shuffle(names)
    blank = lambda: rng.choice(["", "", "", " ", "\t"])
    return "{" + ",".join(f"{blank()}{json.dumps(name)}{blank()}:{blank()}{maybe(rng, made[name])}{blank()}" for name in names) + "}"


def read(text):
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def same(name, sent, arrived):
    if name == "ratio" and sent is not None and arrived is not None:
        return float(sent).hex() == float(arrived).hex()
    if name == "at" and sent is not None and arrived is not None:
        return datetime.fromisoformat(sent) == datetime.fromisoformat(arrived)
    if isinstance(sent, list) and isinstance(arrived, list):
        return len(sent) == len(arrived) and all(same(None, one, other) for one, other in zip(sent, arrived))
    return sent == arrived and type(sent) is type(arrived)


def compare(line):
    pair = json.loads(line)
    sent, arrived = read(pair["sent"]), read(pair["arrived"])
    if len(sent) != len(arrived):
        return f"{len(sent)} rows were sent, and {len(arrived)} arrived"
    for number, (one, other) in enumerate(zip(sent, arrived), 1):
        for name in sorted(set(one) | set(other)):
            if not same(name, one.get(name), other.get(name)):
                return f"row {number}, {name}: sent {one.get(name)!r}, arrived {other.get(name)!r}"
    return None


if sys.argv[1] == "write":
    rng = random.Random(int(sys.argv[2]))
    for _ in range(int(sys.argv[3])):
        print(",".join(item(rng) for _ in range(rng.randint(1, 12))))
else:
    print(next((difference for difference in map(compare, sys.stdin) if difference), "equal"))
