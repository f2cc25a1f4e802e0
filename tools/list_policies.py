#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/policies.md from packs/policies.jsonl; with --check, says whether it is what the file gives.

Also holds what every shipped rule must have: a key, a value, a start, a meaning, a source and a mark; versions of one key
and scope that do not overlap."""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RULES = ROOT / "packs" / "policies.jsonl"
DOC = ROOT / "docs" / "policies.md"
MARKS = {"L": "law", "V": "official page", "V2": "secondary page", "K": "general knowledge", "D": "default of this program"}
PARTS = [
    ("order.", "Orders"), ("refund.", "Refunds"), ("refund_only.", "Refunds"), ("pay.", "Refunds"), ("nr7.", "Seven days without a reason"),
    ("return.", "Returns"), ("case.", "Cases in general"), ("ex.", "Exchange, repair, resend"),
    ("rp.", "Exchange, repair, resend"), ("rs.", "Exchange, repair, resend"), ("dp.", "Intervention of the platform"),
    ("cp.", "Complaints"), ("ship.", "Shipping"), ("arrive.", "Shipping"), ("insure.", "Freight insurance"),
    ("price_protect.", "Price protection"), ("punish.", "Punitive rules of the law"), ("logistics.", "Other clocks"),
    ("privacy.", "Other clocks"), ("review.", "Other clocks"), ("invoice.", "Other clocks"), ("work_order.", "Other clocks"), ("talk.", "Other clocks"),
    ("approve.", "Who may do what"), ("goodwill.", "Who may do what"), ("action.", "Who may do what"), ("care.", "Care, unasked"),
    ("notice.", "Telling buyers"), ("outbox.", "Telling buyers"), ("agreement.", "Who may do what"),
    ("shop_system.", "Shops' own systems"),
]


def part_of(key):
    return next((title for prefix, title in PARTS if key.startswith(prefix)), None)


def problems(rows):
    spans = {}
    for n, row in enumerate(rows, 1):
        for member in ("key", "value", "from", "scope", "meaning", "source", "mark"):
            if not row.get(member):
                yield f"line {n}: no {member}"
        if row.get("mark") not in MARKS:
            yield f"line {n}: mark {row.get('mark')} is none of {' '.join(MARKS)}"
        if part_of(row["key"]) is None:
            yield f"line {n}: no part of the document for {row['key']}"
        spans.setdefault((row["key"], row["scope"]), []).append((row["from"], row.get("to") or "9999", n))
    for (key, scope), found in spans.items():
        found.sort()
        for (_, to, _), (since, _, n) in zip(found, found[1:]):
            if to != "9999" and to > since:
                yield f"line {n}: {key} for {scope} overlaps with an earlier version"


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def shown(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{cell(text)}`"


def document(rows):
    out = ["<!-- Written from packs/policies.jsonl by tools/list_policies.py: do not edit. -->", "# Policies", "",
           "Every deadline, limit and amount of the trade that ships, as dated data. The version in force when an order was placed",
           "holds for its cases. A shop sets its own with `xiaoer import policies FILE` (a row with `shop`); the closest scope holds:",
           "product, then the shop's category, the shop, the category, the platform. Values: durations (`24h`, `7d`, `4wd` working",
           "days), rates (`5%`), amounts in minor units, switches, JSON.", "",
           "Marks: " + ", ".join(f"**{m}** {text}" for m, text in MARKS.items()) +
           ". They say how far a source is to be trusted; numbers in brackets are those of the domain handbook."]
    titles = list(dict.fromkeys(title for _, title in PARTS))
    for title in titles:
        mine = [r for r in rows if part_of(r["key"]) == title]
        out += ["", f"## {title}", "", "| key | value | scope | in force | meaning | source | mark |", "|---|---|---|---|---|---|---|"]
        for r in mine:
            until = f"{r['from']} to {r['to']}" if r.get("to") else f"since {r['from']}"
            out.append(f"| `{r['key']}` | {shown(r['value'])} | {cell(r['scope'])} | {until} | {cell(r['meaning'])} | "
                       f"{cell(r['source'])} | {r['mark']} |")
    keys = len({r["key"] for r in rows})
    out += ["", f"{keys} keys, {len(rows)} versions."]
    return "\n".join(out) + "\n"


def main():
    rows = [json.loads(line) for line in RULES.read_text(encoding="utf-8").splitlines() if line.strip()]
    wrong = list(problems(rows))
    if wrong:
        sys.exit("\n".join(wrong))
    text = document(rows)
    if "--check" not in sys.argv[1:]:
        DOC.write_text(text, encoding="utf-8")
    elif not DOC.exists() or DOC.read_text(encoding="utf-8") != text:
        sys.exit("docs/policies.md is not what packs/policies.jsonl gives: run tools/list_policies.py")
    print(f"policies: {len(rows)} versions, each with its source")


main()
