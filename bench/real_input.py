#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Feeds every buyer turn of a chat log through `xiaoer chat` and counts what became of them.

Usage: bench/real_input.py LOG.tsv [--xiaoer build/xiaoer] [--data DIR] [--out turns.tsv]
A row of LOG is `chat id<TAB>is_agent (1/0)<TAB>text`. Each chat is a conversation of its own, of a buyer of the demo shop.
Prints the shares of flow, knowledge, product, clarification, hand-over and the rest, and every breach of what must hold: a
crash, a turn without an answer document, the same reply twice in a row. Exit 1 when there is a breach."""
import argparse
import collections
import itertools
import json
import subprocess
import sys
import time


def chats(path):
    rows = (line.rstrip("\n").split("\t", 2) for line in open(path, encoding="utf-8"))
    for chat, turns in itertools.groupby((r for r in rows if len(r) == 3), key=lambda r: r[0]):
        said = [text.strip() for _, is_agent, text in turns if is_agent == "0" and text.strip()]
        if said:
            yield chat, said


def kind(turn, before):
    """What a turn was, for the shares."""
    action = (turn.get("action") or {}).get("name")
    understood = turn.get("understood") or {}
    if action in ("human.request", "callback.book") or (turn["handler"] == "queue" and before != "queue"):
        return "hand-over"
    if not turn["messages"]:
        return "silent in queue"
    if any(m["kind"] == "choices" and not m.get("order_id") for m in turn["messages"]) and understood.get("source") == "fallback":
        return "clarification"
    return understood.get("source") or "none"


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("log")
    ap.add_argument("--xiaoer", default="build/xiaoer")
    ap.add_argument("--data", default="demo-data")
    ap.add_argument("--shop", default="shanxing")
    ap.add_argument("--out")
    args = ap.parse_args()
    counts, intents, breaches = collections.Counter(), collections.Counter(), []
    out = open(args.out, "w", encoding="utf-8") if args.out else None
    began = time.time()
    turns = talks = queued = 0
    for n, (chat, said) in enumerate(chats(args.log)):
        buyer = f"B{n % 30 + 1:02d}"
        run = subprocess.run([args.xiaoer, "chat", "--shop", args.shop, "--buyer", buyer, "--data", args.data, "--json"],
                             input="\n".join(said) + "\n", text=True, capture_output=True)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        if run.returncode != 0 or len(lines) != len(said):
            breaches.append(f"{chat}: exit {run.returncode}, {len(lines)} answers to {len(said)} turns: {run.stderr[-200:]}")
        last, before = None, "bot"
        for text, turn in zip(said, lines):
            reply = [m.get("text", "") for m in turn["messages"]]
            if reply and reply == last:
                breaches.append(f"{chat} turn {turn['turn']}: the same reply twice in a row: {reply}")
            last = reply or last
            what = kind(turn, before)
            before = turn["handler"]
            counts[what] += 1
            intents[(turn.get("understood") or {}).get("intent")] += 1
            turns += 1
            if out:
                u = turn.get("understood") or {}
                out.write("\t".join([chat, turn["handler"], what, str(u.get("intent")), str(u.get("confidence")), text, " / ".join(reply)]) + "\n")
        talks += 1
        queued += before == "queue"
        if sys.stderr.isatty():
            print(f"\r{talks} chats, {turns} turns", end="", file=sys.stderr)
    print(f"{talks} chats, {turns} buyer turns in {time.time() - began:.0f} s; {queued} chats ended waiting for a person")
    for what, c in counts.most_common():
        print(f"  {what:16} {c:6}  {100 * c / turns:5.1f} %")
    print("  most frequent intents: " + ", ".join(f"{i} {c}" for i, c in intents.most_common(12)))
    print("\n".join(breaches[:20]))
    print(f"{len(breaches)} breaches")
    sys.exit(1 if breaches else 0)


main()
