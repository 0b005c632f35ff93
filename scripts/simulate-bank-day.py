#!/usr/bin/env python3
"""Simulates the overloaded day of a bank's call centre (1 Aug 1999) from the fact tables and compares it with the day.

    python3 simulate-bank-day.py TABLES [DAYS]

Independent of the simulator: plain Python, no packages. Poisson arrivals with a constant rate in each hour, service and
patience drawn as rows of their tables, first come first served, whole agents by hour. Nothing is tuned.
"""
import csv
import heapq
import random
import sys
from collections import deque
from pathlib import Path

tables = Path(sys.argv[1])
days = int(sys.argv[2]) if len(sys.argv) > 2 else 200


def table(name):
    with open(tables / f"{name}.csv", newline="") as f:
        return list(csv.DictReader(f))


calls = [0] * 24
for row in table("arrivals"):
    calls[int(row["hour_of_day"])] = int(row["calls"])
service = table("service_time")
patience = [float(row["seconds"]) for row in table("patience")]
agents = {int(row["hour_of_day"]): row for row in table("agents")}
service_by_hour = {int(row["hour_of_day"]): float(row["mean_s"]) for row in table("service_by_hour")}


def day(rng, staff, service, scale=None, exact=False):
    """One day: a list of (hour, wait, answered)."""
    arrivals = []
    for hour, count in enumerate(calls):
        if exact:
            arrivals += sorted(3600 * hour + 3600 * rng.random() for _ in range(count))
            continue
        t = 3600.0 * hour
        while count:
            t += rng.expovariate(count / 3600)
            if t >= 3600 * (hour + 1):
                break
            arrivals.append(t)
    on_duty = lambda t: staff[min(int(t // 3600), 23)]  # the last hour's agents stay until nobody waits
    out, line, ends = [], deque(), []  # line: (arrival, deadline)
    i, now = 0, 0.0
    changes = deque(3600.0 * h for h in range(1, 24))

    def serve():
        while line and len(ends) < on_duty(now):
            came, deadline = line.popleft()
            hour = min(int(came // 3600), 23)
            if deadline <= now:
                out.append((hour, deadline - came, False))
                continue
            out.append((hour, now - came, True))
            length = rng.choice(service)
            if scale:
                length *= scale.get(int(now // 3600), 1.0)
            heapq.heappush(ends, now + length)

    while i < len(arrivals) or ends or changes:
        now = min(arrivals[i] if i < len(arrivals) else 1e18, ends[0] if ends else 1e18, changes[0] if changes else 1e18)
        if ends and ends[0] == now:
            heapq.heappop(ends)
        elif changes and changes[0] == now:
            changes.popleft()
        else:
            line.append((now, now + rng.choice(patience)))
            i += 1
        serve()
    for came, deadline in line:  # nobody is left to serve them
        out.append((min(int(came // 3600), 23), deadline - came, False))
    return out


def figures(out):
    queued = [o for o in out if o[1] > 0]
    answered = [w for _, w, a in queued if a]
    left = [w for _, w, a in queued if not a]
    mean = lambda x: sum(x) / len(x) if x else 0.0
    return {
        "offered": len(out),
        "queued": len(queued),
        "left / queued": len(left) / len(queued),
        "left / offered": len(left) / len(out),
        "wait of queued": mean(answered + left),
        "wait of offered": sum(w for _, w, _ in out) / len(out),
        "wait of queued and answered": mean(answered),
        "wait of leavers": mean(left),
    }


def by_definition(column):
    return [round(float(agents[h][column] or 0)) if h in agents and agents[h].get(column) else 0 for h in range(24)]


observed = {}
rows = table("abandonment_by_wait")
offered, queued = sum(int(r["offered"]) for r in rows), sum(int(r["queued"]) for r in rows)
left = sum(int(r["queued"]) * float(r["share_abandoned_of_queued"] or 0) for r in rows)
total = sum(int(r["queued"]) * float(r["mean_wait_of_queued_s"] or 0) for r in rows)
print(f"the day itself: offered {offered}, queued {queued}, left / queued {left / queued:.4f} (36.5 % with the phantom calls among "
      f"the queued), left / offered {left / offered:.4f}, wait of queued {total / queued:.1f} s, of offered {total / offered:.1f} s, "
      "of queued and answered 163.9 s, of leavers 79.7 s")

quantiles = [float(r["seconds"]) for r in service]
slices = [float(r["mean_of_slice"]) for r in service]
overall = sum(slices) / len(slices)
scale = {h: m / overall for h, m in service_by_hour.items()}
cases = [
    ("A: mean_busy, rounded", "mean_busy", quantiles, None),
    ("B: mean_busy_while_queue, rounded", "mean_busy_while_queue", quantiles, None),
    ("C: mean_present, rounded", "mean_present", quantiles, None),
    ("D: distinct_servers", "distinct_servers", quantiles, None),
    ("A with mean_of_slice for service", "mean_busy", slices, None),
    ("A with mean_of_slice, scaled to the mean of each hour", "mean_busy", slices, scale),
    ("B with mean_of_slice for service", "mean_busy_while_queue", slices, None),
    ("B with mean_of_slice, scaled to the mean of each hour", "mean_busy_while_queue", slices, scale),
]
for name, column, lengths, factor in cases:
    staff = by_definition(column)
    runs, hours = [], {}
    for seed in range(days):
        out = day(random.Random(seed), staff, lengths, factor)
        runs.append(figures(out))
        for h, w, a in out:
            x = hours.setdefault(h, [0, 0.0, 0])
            x[0] += 1
            x[1] += w
            x[2] += not a
    print(f"\n{name}; agents {staff}")
    for key in runs[0]:
        x = sorted(r[key] for r in runs)
        f = (lambda v: f"{100 * v:.1f} %") if "/" in key else (lambda v: f"{v:.0f}")
        at = lambda p: x[min(len(x) - 1, int(p * len(x)))]
        print(f"  {key:28} mean {f(sum(x) / len(x)):>7}  95 % of days {f(at(0.025))} to {f(at(0.975))}, all {f(x[0])} to {f(x[-1])}")
    print("  by hour, left / offered, simulated (observed):", " ".join(
        f"{int(r['hour_of_day'])}h {100 * hours[int(r['hour_of_day'])][2] / hours[int(r['hour_of_day'])][0]:.0f} ({100 * float(r['share_abandoned_of_offered']):.0f})"
        for r in rows if int(r["hour_of_day"]) in hours))
