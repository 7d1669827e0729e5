"""An independent calculation of customer_analytics for files of order lines: Python with decimal, from docs/customer-analytics.md alone.

Usage: expected-by-decimal.py FILE START END [START END ...]; prints one JSON document per range. Money is text with two decimals.
"""
import csv
import json
import re
import sys
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
CENT = Decimal("0.01")


def cents(amount):
    return str(amount.quantize(CENT, ROUND_HALF_UP))


def half_up(fraction, places):
    """A Fraction as Decimal, a tie away from zero."""
    scaled = abs(fraction) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if fraction >= 0 else -whole).scaleb(-places)


def share(part, whole):
    return float(half_up(Fraction(part) / Fraction(whole), 4)) if whole > 0 else 0


def is_product(code):
    return bool(re.search(r"[0-9]{4}", code)) or code.startswith("DCGS") or code == "PADS"


def by_bytes(text):
    return text.encode()


class Shop:
    """Orders, users and catalogue of a file."""

    def __init__(self, path):
        with open(path, encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        self.orders, self.users, self.names, self.codes = {}, {}, {}, set()
        for line in lines:
            at, code = line["InvoiceDate"], line["StockCode"]
            customer = re.sub(r"\.0+$", "", line["CustomerID"].strip())
            if customer and (customer not in self.users or at < self.users[customer][0]):
                self.users[customer] = (at, line["Country"])
            self.codes.add(code)
            if line["Description"].strip() and (code not in self.names or at >= self.names[code][0]):
                self.names[code] = (at, line["Description"])
            quantity, price = Decimal(line["Quantity"]), Decimal(line["UnitPrice"])
            if line["InvoiceNo"].startswith("C") or quantity <= 0 or price <= 0:
                continue
            order = self.orders.setdefault(line["InvoiceNo"], {"at": at, "customer": None, "lines": []})
            order["at"] = min(order["at"], at)
            order["customer"] = order["customer"] or customer or None
            order["lines"].append((code, int(quantity), price))
        for order in self.orders.values():
            order["day"] = date.fromisoformat(order["at"][:10])
            order["total"] = sum((count * price for _, count, price in order["lines"]), Decimal(0))

    def name(self, code):
        return self.names[code][1] if code in self.names else code

    def stock(self, code):
        return sum(map(ord, code)) * 7 % 200

    def between(self, first, last):
        return [dict(order, id=key) for key, order in self.orders.items() if first <= order["day"] <= last]


def sums_by_code(orders):
    """Code -> units, revenue, orders."""
    sums = defaultdict(lambda: [0, Decimal(0), set()])
    for order in orders:
        for code, count, price in order["lines"]:
            entry = sums[code]
            entry[0] += count
            entry[1] += count * price
            entry[2].add(order["id"])
    return sums


def kinds(total, sums):
    products = sum((entry[1] for code, entry in sums.items() if is_product(code)), Decimal(0)).quantize(CENT, ROUND_HALF_UP)
    charges = sum((entry[1] for code, entry in sums.items() if not is_product(code)), Decimal(0)).quantize(CENT, ROUND_HALF_UP)
    rest = total.quantize(CENT, ROUND_HALF_UP) - products - charges
    return {"products": cents(products), "shipping_and_fees": cents(charges), "other": cents(rest)}


def figures(day, orders):
    revenue = sum((order["total"] for order in orders), Decimal(0))
    return {
        "day": day.isoformat(),
        "orders": len(orders),
        "revenue": cents(revenue),
        "average_order_value": cents(half_up(Fraction(revenue) / len(orders), 2)) if orders else None,
        "customers": len({order["customer"] for order in orders if order["customer"]}),
        "orders_without_customer": sum(1 for order in orders if not order["customer"]),
    }


def change(own, other):
    return float(half_up((Fraction(own) - Fraction(other)) / Fraction(other), 4)) if other > 0 else None


def compared(shop, day, days, label):
    other_day = day - timedelta(days)
    own, other = shop.between(day, day), shop.between(other_day, other_day)
    mine, theirs = (sum((order["total"] for order in orders), Decimal(0)) for orders in (own, other))
    customers = [len({order["customer"] for order in orders if order["customer"]}) for orders in (own, other)]
    average = change(Fraction(mine) / len(own), Fraction(theirs) / len(other)) if own and other else None
    return {
        "with": label,
        **figures(other_day, other),
        "change": {
            "revenue": change(mine, theirs),
            "orders": change(len(own), len(other)),
            "customers": change(*customers),
            "average_order_value": average,
        },
    }


def segment(spent, orders):
    if spent >= 1000 and orders >= 10:
        return "VIP"
    if spent >= 500 or orders >= 5:
        return "Regular"
    return "Occasional" if spent >= 100 or orders >= 2 else "New"


def customer_rows(shop, orders, last):
    own = defaultdict(list)
    for order in orders:
        if order["customer"]:
            own[order["customer"]].append(order)
    rows = []
    for customer, mine in own.items():
        spent = sum((order["total"] for order in mine), Decimal(0))
        days = [order["day"] for order in mine]
        span = (max(days) - min(days)).days
        rows.append({
            "customer_id": customer,
            "country": shop.users[customer][1],
            "acquisition_date": shop.users[customer][0][:10],
            "customer_segment": segment(spent, len(mine)),
            "total_orders": len(mine),
            "total_lifetime_value": spent,
            "average_order_value": cents(half_up(Fraction(spent) / len(mine), 2)),
            "order_frequency": (len(mine) - 1) / (span / 30) if span else 0,
            "days_since_last_order": (last - max(days)).days,
        })
    return sorted(rows, key=lambda row: (-row["total_lifetime_value"], by_bytes(row["customer_id"])))


def product_rows(shop, sums, days):
    rows = []
    for code in filter(is_product, shop.codes):
        units, revenue, orders = sums.get(code, (0, Decimal(0), ()))
        rows.append({
            "product_id": code,
            "name": shop.name(code),
            "units_sold": units,
            "revenue": revenue,
            "order_count": len(orders),
            "average_price": cents(half_up(Fraction(revenue) / units, 2)) if units else None,
            "stock_on_hand": shop.stock(code),
            "days_of_stock": shop.stock(code) / (units / days) if units else None,
        })
    return sorted(rows, key=lambda row: (-row["revenue"], by_bytes(row["product_id"])))


def in_cents(row, key):
    return {**row, key: cents(row[key])}


def dashboard(shop, start, end):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    begin = first
    if (last - first).days + 1 < 28:
        begin = last - timedelta(364)
        seen = [order["day"] for order in shop.between(begin, last)]
        begin = min(seen) if seen else begin
    history, ranged, own = shop.between(begin, last), shop.between(first, last), shop.between(last, last)
    days = (last - begin).days + 1
    sums, day_sums = sums_by_code(history), sums_by_code(own)
    customers, products = customer_rows(shop, history, last), product_rows(shop, sums, days)
    revenue = sum((order["total"] for order in history), Decimal(0))
    known = sum((row["total_lifetime_value"] for row in customers), Decimal(0))
    sold = [row for row in products if row["units_sold"]]
    codes = [{"code": code, "name": shop.name(code), "units": entry[0], "revenue": entry[1], "order_count": len(entry[2])}
             for code, entry in sorted(sums.items(), key=lambda item: (-item[1][1], by_bytes(item[0]))) if not is_product(code)]
    best = [{"code": code, "name": shop.name(code), "units": entry[0], "revenue": cents(entry[1]), "order_count": len(entry[2])}
            for code, entry in sorted(day_sums.items(), key=lambda item: (-item[1][1], by_bytes(item[0]))) if is_product(code)]
    low = [row for row in sold if row["days_of_stock"] < 14]
    by_segment = {name: [row["total_lifetime_value"] for row in customers if row["customer_segment"] == name]
                  for name in ("VIP", "Regular", "Occasional", "New")}
    return {
        "day": {
            **figures(last, own),
            "revenue_by_kind": kinds(sum((order["total"] for order in own), Decimal(0)), day_sums),
            "compared": [compared(shop, last, 1, "day_before"), compared(shop, last, 7, "same_weekday")],
            "top_products": best[:5],
        },
        "range": {"start_date": start, "end_date": end, "days": (last - first).days + 1, "orders": len(ranged),
                  "revenue": cents(sum((order["total"] for order in ranged), Decimal(0)))},
        "history": {"start_date": begin.isoformat(), "end_date": end, "days": days},
        "totals": {"orders": len(history), "orders_without_customer": sum(1 for order in history if not order["customer"]),
                   "customers": len(customers), "revenue": cents(revenue), "customer_revenue": cents(known)},
        "revenue_by_kind": kinds(revenue, sums),
        "segments": [{"segment": name, "customers": len(values), "revenue": cents(sum(values, Decimal(0))),
                      "share": share(sum(values, Decimal(0)), known)} for name, values in by_segment.items()],
        "top_customers": [in_cents(row, "total_lifetime_value") for row in customers[:10]],
        "top_products": [in_cents(row, "revenue") for row in sold[:10]],
        "low_stock": [in_cents(row, "revenue") for row in
                      sorted(low, key=lambda row: (row["days_of_stock"], -row["revenue"], by_bytes(row["product_id"])))],
        "shipping_and_fees": [in_cents(row, "revenue") for row in codes],
        "alarms": [] if own else ["no_orders"],
    }


if __name__ == "__main__":
    shop = Shop(sys.argv[1])
    for start, end in zip(sys.argv[2::2], sys.argv[3::2]):
        print(json.dumps(dashboard(shop, start, end)))
