#!/usr/bin/env python3
"""Checks the demo packs: packs/{zh,en}/demo/*.jsonl. Prints counts and one line a breach; exit 1 if there is one.

What it knows: one JSON object a line with the fields of the import shapes and no others; unique ids; references
(shop, product, SKU); money adds up (price x quantity - coupon = paid); freight follows the shop's rule, which
make_demo_orders.py holds; sizes in a SKU appear in the size chart; relative times resolve, and everything in
an order is causal for imports at several hours of the day. Standard library only.
"""
import collections
import datetime
import json
import pathlib
import re
import sys
import zoneinfo

sys.dont_write_bytecode = True
from make_demo_orders import En, Zh

PACKS = pathlib.Path(__file__).resolve().parent.parent / "packs"
STATUSES = {"unpaid", "paid", "shipped", "delivered", "finished", "closed"}
KINDS = {"picked_up", "in_transit", "out_for_delivery", "delivered", "exception", "returned"}
LAYERS = {"emergency", "industry", "shop", "product", "activity", "policy", "small_talk"}
ROLES = {"owner", "leader", "agent", "crowd", "staff", "trainer", "inspector"}
NOWS = ["00:00", "00:30", "09:00", "12:00", "18:20", "23:45", "23:59"]
FIELDS = {  # kind: (required, optional)
    "shops": ("id name language currency time_zone self_operated", "hours greeting faq ship_promise theme"),
    "products": ("id shop title category price_cents attributes skus seven_day price_protect_days warranty_days aliases",
                 "size_chart package"),
    "orders": ("id shop buyer status created_at items freight_cents freight_insured address parcels",
               "paid_at shipped_at coupon_cents"),
    "knowledge": ("id shop layer question similar answer", "conditions valid_from valid_to override"),
    "people": ("id shop name roles skills languages time_zone concurrency", "alias sign_in"),
}
PROMISES = re.compile("一定|百分百|100%|保证|绝对|肯定|马上|立刻|永久|definitely|guarantee|always|for sure", re.I)
breaches = []


def breach(where, what):
    breaches.append(f"{where}: {what}")


def resolve(text, now):
    """A pack time at the local time `now` -> aware datetime, or None if it has neither form."""
    clock = re.fullmatch(r"@([-+])(\d+)d (\d\d):(\d\d)", text)
    if clock:
        days = int(clock[2]) * (-1 if clock[1] == "-" else 1)
        if days == 0 or int(clock[3]) > 23 or int(clock[4]) > 59:
            return None
        day = now.date() + datetime.timedelta(days=days)
        return datetime.datetime.combine(day, datetime.time(int(clock[3]), int(clock[4])), now.tzinfo)
    span = re.fullmatch(r"@([-+])(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?", text)
    if not span:
        return None
    d, h, m = (int(x or 0) for x in span.groups()[1:])
    delta = datetime.timedelta(days=d, hours=h, minutes=m)
    utc = now.astimezone(datetime.timezone.utc)
    return (utc - delta if span[1] == "-" else utc + delta).astimezone(now.tzinfo)


def load(pack, kind):
    rows = []
    for n, line in enumerate((PACKS / pack / "demo" / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            breach(f"{pack}/{kind}:{n}", error)
            continue
        required, optional = (set(f.split()) for f in FIELDS[kind])
        if required - row.keys() or row.keys() - required - optional:
            breach(f"{pack}/{kind}:{n}", f"fields {sorted(required - row.keys())} {sorted(row.keys() - required - optional)}")
        rows.append(row)
    for row_id, count in collections.Counter(r["id"] for r in rows).items():
        if count > 1:
            breach(f"{pack}/{kind}", f"id {row_id} twice")
    return rows


def check_products(products):
    seen = set()
    for p in products:
        sizes = {str(row.get("尺码", row.get("size"))) for row in p.get("size_chart", [])}
        for sku in p["skus"]:
            if sku["id"] in seen or not sku["id"].startswith(p["id"] + "-"):
                breach(sku["id"], "SKU id repeated or not the product's")
            seen.add(sku["id"])
            if not (isinstance(sku["price_cents"], int) and sku["price_cents"] > 0 and sku["stock"] >= 0):
                breach(sku["id"], "price or stock")
            size = sku["attributes"].get("尺码", sku["attributes"].get("size"))
            if sizes and size not in sizes:
                breach(sku["id"], f"size {size} is not in the chart")
        for row in p.get("size_chart", []):
            if any(isinstance(v, list) and (len(v) != 2 or v[0] >= v[1]) for v in row.values()):
                breach(p["id"], f"chart range {row}")
        if p["price_cents"] not in {s["price_cents"] for s in p["skus"]}:
            breach(p["id"], "no SKU has the product's price")
        if p["seven_day"] not in {"yes", "no_legal", "no_confirmed"}:
            breach(p["id"], "seven_day")


def check_order_times(o, now):
    at = lambda text: resolve(text, now)
    line = [(k, at(o[k])) for k in ("created_at", "paid_at", "shipped_at") if k in o]
    for p in o["parcels"]:
        chain = line + [(e["kind"], at(e["at"])) for e in p["events"]]
        for (ka, a), (kb, b) in zip(chain, chain[1:]):
            if a is None or b is None or a >= b:
                breach(o["id"], f"now {now:%H:%M}: {ka} {a} is not before {kb} {b}")
    for k, t in line + [(e["kind"], at(e["at"])) for p in o["parcels"] for e in p["events"]]:
        if t is None or t >= now:
            breach(o["id"], f"now {now:%H:%M}: {k} is not in the past")
    if not o["parcels"]:
        for (ka, a), (kb, b) in zip(line, line[1:]):
            if a >= b:
                breach(o["id"], f"now {now:%H:%M}: {ka} is not before {kb}")
    if "shipped_at" in o and at(o["shipped_at"]) - at(o["paid_at"]) > datetime.timedelta(hours=48):
        breach(o["id"], f"now {now:%H:%M}: shipped later than promised")
    if o["status"] == "unpaid" and now - at(o["created_at"]) >= datetime.timedelta(hours=24):
        breach(o["id"], "unpaid order would have been closed")
    if o["status"] in ("shipped", "delivered") and now - at(o["shipped_at"]) >= datetime.timedelta(days=10):
        breach(o["id"], f"now {now:%H:%M}: would have been confirmed by itself")


def check_orders(pack, orders, products, zone):
    by_sku = {s["id"]: (p["id"], s) for p in products for s in p["skus"]}
    zone = zoneinfo.ZoneInfo(zone)
    phones, tracking, subs = collections.defaultdict(set), set(), set()
    for o in orders:
        total = paid = 0
        for item in o["items"]:
            product, sku = by_sku.get(item["sku"], (None, None))
            if product != item["product"]:
                breach(o["id"], f"no {item['sku']} in {item['product']}")
                continue
            if item["sub_id"] in subs or not 0 < item["paid_cents"] <= sku["price_cents"] * item["quantity"]:
                breach(o["id"], f"item {item['sub_id']}")
            subs.add(item["sub_id"])
            total += sku["price_cents"] * item["quantity"]
            paid += item["paid_cents"]
        if total - o.get("coupon_cents", 0) != paid:
            breach(o["id"], f"{total} - coupon {o.get('coupon_cents', 0)} is not {paid}")
        rule = {"zh": Zh, "en": En}[pack]
        freight = (0 if total >= rule.free_over else rule.freight) \
            + (rule.remote_extra if rule.remote(o["address"]["region"]) else 0)
        if o["freight_cents"] != freight:
            breach(o["id"], f"freight {o['freight_cents']}, not {freight}")
        if o["status"] not in STATUSES:
            breach(o["id"], f"status {o['status']}")
        has = ("paid_at" in o, "shipped_at" in o, bool(o["parcels"]))
        want = {"unpaid": {(False, False, False)}, "paid": {(True, False, False)}, "shipped": {(True,) * 3},
                "delivered": {(True,) * 3}, "finished": {(True,) * 3}}
        if o["status"] in want and has not in want[o["status"]]:
            breach(o["id"], f"{o['status']} with paid/shipped/parcels {has}")
        ends = [p["events"][-1]["kind"] for p in o["parcels"]]
        if o["status"] in ("delivered", "finished") and set(ends) != {"delivered"}:
            breach(o["id"], f"{o['status']} but parcels end in {ends}")
        if o["status"] == "shipped" and set(ends) == {"delivered"}:
            breach(o["id"], "all parcels arrived but the order is on its way")
        phones[o["buyer"]].add((o["address"]["phone"], o["address"]["name"]))
        for p in o["parcels"]:
            if p["tracking_no"] in tracking:
                breach(o["id"], "tracking number twice")
            tracking.add(p["tracking_no"])
            for e in p["events"]:
                if e["kind"] not in KINDS or not e["text"] or not e["place"]:
                    breach(o["id"], f"event {e}")
        for day in ("2026-03-09", "2026-07-01", "2026-11-02", "2026-11-22", "2027-01-01"):
            for hhmm in NOWS:
                check_order_times(o, datetime.datetime.fromisoformat(f"{day}T{hhmm}").replace(tzinfo=zone))
    for buyer, known in phones.items():
        if len(known) != 1:
            breach(buyer, f"several phones or names {known}")


def check_knowledge(knowledge, products):
    ids, categories = {p["id"] for p in products}, {p["category"] for p in products}
    now = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.timezone.utc)
    windows, asked = collections.Counter(), collections.defaultdict(list)
    for k in knowledge:
        if k["layer"] not in LAYERS or not 2 <= len(k["similar"]) <= 5 or not k["answer"]:
            breach(k["id"], "layer, similar or answer")
        if PROMISES.search(k["answer"]):
            breach(k["id"], f"promises too much: {PROMISES.search(k['answer'])[0]}")
        c = k.get("conditions", {})
        if c.keys() - {"order_status", "product", "category"} or set(c.get("order_status", [])) - STATUSES:
            breach(k["id"], f"conditions {c}")
        if c.get("product", "") and c["product"] not in ids or c.get("category", "") and c["category"] not in categories:
            breach(k["id"], f"conditions {c}")
        if "valid_from" in k or "valid_to" in k:
            start, end = (resolve(k[f], now) if f in k else None for f in ("valid_from", "valid_to"))
            if start and end and start >= end:
                breach(k["id"], "window")
            windows["over" if end and end <= now else "to come" if start and start > now else "running"] += 1
        for q in [k["question"]] + k["similar"]:
            asked[q].append(k)
    for q, entries in asked.items():
        # The same wording twice is fair only if the entries can be told apart by condition or by window.
        keys = [json.dumps([e.get("conditions"), e.get("valid_from"), e["layer"]], ensure_ascii=False) for e in entries]
        if len(set(keys)) < len(keys):
            breach("/".join(e["id"] for e in entries), f"same wording, nothing tells them apart: {q}")
    return dict(windows)


def main():
    signs, all_ids = collections.Counter(), collections.Counter()
    for pack in ("zh", "en"):
        shops, products, orders, knowledge, people = (load(pack, k) for k in FIELDS)
        shop = shops[0]
        for kind, rows in zip(("products", "orders", "knowledge", "people"), (products, orders, knowledge, people)):
            all_ids.update(f"{kind} {r['id']}" for r in rows)
            for r in rows:
                if r["shop"] != shop["id"]:
                    breach(r["id"], "another shop")
        check_products(products)
        check_orders(pack, orders, products, shop["time_zone"])
        windows = check_knowledge(knowledge, products)
        for person in people:
            signs[person["sign_in"]] += 1
            if set(person["roles"]) - ROLES or not 2 <= person["concurrency"] <= 5 \
                    or not 1 <= len(person["skills"]) <= 3 or any(not 1 <= s["level"] <= 5 for s in person["skills"]):
                breach(person["id"], "roles, concurrency or skills")
        count = lambda rows, key: dict(collections.Counter(r[key] for r in rows))
        skus = [s for p in products for s in p["skus"]]
        print(pack, {"products": len(products), "skus": len(skus), "out_of_stock": sum(not s["stock"] for s in skus),
                     "categories": count(products, "category"), "seven_day": count(products, "seven_day")})
        print(pack, {"orders": len(orders), "buyers": len({o["buyer"] for o in orders}), "status": count(orders, "status"),
                     "two_parcels": sum(len(o["parcels"]) > 1 for o in orders),
                     "last_event": dict(collections.Counter(p["events"][-1]["kind"] for o in orders if o["status"] == "shipped" for p in o["parcels"])),
                     "with_coupon": sum("coupon_cents" in o for o in orders)})
        print(pack, {"knowledge": len(knowledge), "layer": count(knowledge, "layer"), "windows": windows,
                     "override": sum(k.get("override", False) for k in knowledge),
                     "with_conditions": sum("conditions" in k for k in knowledge)})
        print(pack, {"people": len(people), "roles": dict(collections.Counter(x for p in people for x in p["roles"])),
                     "skills": dict(collections.Counter(s["skill"] for p in people for s in p["skills"]))})
    for key, n in (signs + all_ids).items():
        if n > 1:
            breach(key, "used by both packs or twice")
    print(*breaches[:60], sep="\n")
    print(f"{len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
