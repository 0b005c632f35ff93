#!/usr/bin/env python3
"""Compares the desk of cutover with other simulators on two queues, one thread each, interleaved on the same machine.

    scripts/compare-simulators.py [--rounds 5] [--customers 100000] [--calls 1000000] [--cimba MM1_single]

Needs the package simpy. M/M/1: 0.9 arrivals a minute, one minute to serve. M/M/50+M: 48 arrivals a minute, one minute
to serve, two minutes of patience. In SimPy each customer is a process that asks for a resource, as its documentation
teaches; for M/M/1 there is also the leanest model we know, two processes and a store, in which nobody can give up.
Cimba (https://github.com/ambonvik/cimba, a library in C) is measured if --cimba names its benchmark of the M/M/1 queue:
build it with `meson setup build --buildtype=release && ninja -C build benchmark/MM1_single`. It serves a million customers
a run and records the sum of their times in the system.
cutover runs the same queues as scenarios/desk-only.toml through its command line: millisecond clock, all its
statistics and the summary included, start of the program included.
"""
import argparse
import json
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    import simpy
except ImportError:
    sys.exit("This needs SimPy:\n\n    python3 -m venv /tmp/simpy && /tmp/simpy/bin/pip install simpy\n"
             f"    /tmp/simpy/bin/python {sys.argv[0]}")

HOME = Path(__file__).resolve().parent.parent


class Queue:
    """Rates and times in minutes; no patience means endless."""

    def __init__(self, name, arrivals, handle, agents, patience=None):
        self.name, self.arrivals, self.handle, self.agents, self.patience = name, arrivals, handle, agents, patience

    def exact(self):
        """Mean wait in seconds over all customers, and the share that gives up (Erlang-C, Erlang-A)."""
        load, n = self.arrivals * self.handle, self.agents
        # Weights of the states relative to "all busy, nobody waits".
        below, weight = 0.0, 1.0
        for k in range(n, -1, -1):
            below += weight
            weight *= k / load
        theta = self.handle / self.patience if self.patience else 0.0
        above, line, weight, k = 0.0, 0.0, 1.0, 0
        while weight > 1e-18:
            k += 1
            weight *= load / (n + k * theta)
            above += weight
            line += k * weight
        length = line / (below + above)  # mean number waiting
        gives_up = length / self.patience / self.arrivals if self.patience else 0.0
        return 60 * length / self.arrivals, gives_up


class Tally:
    def __init__(self):
        self.customers, self.gave_up, self.wait = 0, 0, 0.0


def customer(env, queue, desk, tally, rng):
    came = env.now
    with desk.request() as turn:
        if queue.patience is None:
            yield turn
        else:
            yield turn | env.timeout(rng.expovariate(1 / queue.patience))
        tally.customers += 1
        tally.wait += env.now - came
        if turn.triggered:
            yield env.timeout(rng.expovariate(1 / queue.handle))
        else:
            tally.gave_up += 1


def arrivals(env, queue, desk, tally, rng, customers):
    for _ in range(customers):
        yield env.timeout(rng.expovariate(queue.arrivals))
        env.process(customer(env, queue, desk, tally, rng))


def simpy_processes(queue, customers, seed):
    rng, env, tally = random.Random(seed), simpy.Environment(), Tally()
    desk = simpy.Resource(env, capacity=queue.agents)
    env.process(arrivals(env, queue, desk, tally, rng, customers))
    env.run()
    return tally


def simpy_store(queue, customers, seed):
    rng, env, tally = random.Random(seed), simpy.Environment(), Tally()
    line = simpy.Store(env)

    def come():
        for _ in range(customers):
            yield env.timeout(rng.expovariate(queue.arrivals))
            yield line.put(env.now)

    def serve():
        while True:
            came = yield line.get()
            tally.customers += 1
            tally.wait += env.now - came
            yield env.timeout(rng.expovariate(1 / queue.handle))

    env.process(come())
    env.process(serve())
    env.run()
    return tally


def timed(model):
    def run(queue, customers, seed):
        start, before = time.perf_counter(), time.process_time()
        tally = model(queue, customers, seed)
        took, cpu = time.perf_counter() - start, time.process_time() - before
        return tally.customers, took, cpu, 60 * tally.wait / tally.customers, tally.gave_up / tally.customers

    return run


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def cutover(program, days):
    def run(queue, _, seed):
        if queue.patience is None:
            patience = 'desk.phone.patience="endless"'
        else:
            patience = f"desk.phone.patience={{ exponential = {{ mean_s = {60 * queue.patience} }} }}"
        with tempfile.TemporaryDirectory() as out:
            command = [program, "run", HOME / "scenarios/desk-only.toml", "--store", "memory", "--no-report",
                       "--threads", 1, "--replications", 1, "--seed", seed, "--out", Path(out, "report"),
                       "--set", f"horizon_days={days[queue.name]}",
                       "--set", f"desk.tier1.agents={queue.agents}",
                       "--set", f"desk.baseline.phone_per_hour={60 * queue.arrivals}",
                       "--set", f"desk.baseline.phone_handle_time={{ exponential = {{ mean_s = {60 * queue.handle} }} }}",
                       "--set", patience]
            start, before = time.perf_counter(), children_cpu()
            done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
            whole, cpu = time.perf_counter() - start, children_cpu() - before
            if done.returncode:
                sys.exit(done.stderr)
            inside = json.loads(Path(out, "report/run.json").read_text())["total_s"]
            calls = json.loads(Path(out, "report/summary.json").read_text())["strategies"][0]["desk"]
        customers = calls["answered"] + calls["abandoned"]
        # The whole process is charged; run.json's total_s leaves out its start.
        return customers, max(whole, inside), cpu, calls["mean_wait_s"], calls["abandoned"] / customers

    return run


def cimba(program):
    def run(queue, _, seed):
        start, before = time.perf_counter(), children_cpu()
        done = subprocess.run([program], capture_output=True, text=True, check=True)
        took, cpu = time.perf_counter() - start, children_cpu() - before
        in_system = float(re.search(r"Average system time ([0-9.]+)", done.stdout)[1])
        return 1_000_000, took, cpu, 60 * (in_system - queue.handle), 0.0

    return run


def main():
    global HOME
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--customers", type=int, default=100_000, help="customers of a SimPy run")
    parser.add_argument("--calls", type=int, default=1_000_000, help="customers of a cutover run, about")
    parser.add_argument("--home", type=Path, default=HOME, help="the repository")
    parser.add_argument("--cutover", type=Path, help="the program; default: target/release/cutover of the repository")
    parser.add_argument("--cimba", type=Path, help="Cimba's program MM1_single")
    options = parser.parse_args()
    HOME = options.home.resolve()
    program = (options.cutover or HOME / "target/release/cutover").resolve()

    queues = [Queue("M/M/1", 0.9, 1.0, 1), Queue("M/M/50+M", 48.0, 1.0, 50, 2.0)]
    days = {q.name: max(1, round(options.calls / (q.arrivals * 1440))) for q in queues}
    runners = {"SimPy, process per customer": timed(simpy_processes), "SimPy, two processes and a store": timed(simpy_store)}
    if options.cimba:
        runners["Cimba"] = cimba(options.cimba.resolve())
    if program.is_file():
        runners["cutover"] = cutover(program, days)
    else:
        print(f"{program} does not exist; it is not measured. Build it with: cargo build --release\n", file=sys.stderr)

    print(f"Python {platform.python_version()}, SimPy {simpy.__version__}, one thread; medians of {options.rounds} rounds, in "
          "brackets lowest and highest.\n")
    print("| queue | program | customers a run | customers/s, wall clock | customers/s, CPU time | mean wait, s | exact "
          "| gave up | exact |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    ratios = []
    for queue in queues:
        models = {n: r for n, r in runners.items() if queue.patience is None or ("store" not in n and n != "Cimba")}
        runs = {name: [] for name in models}
        for seed in range(1, options.rounds + 1):
            for name, run in models.items():
                runs[name].append(run(queue, options.customers, seed))
        wait, gave_up = queue.exact()
        for name, results in runs.items():
            n = sum(r[0] for r in results)
            wall, cpu = [r[0] / r[1] for r in results], [r[0] / r[2] for r in results]
            print(f"| {queue.name} | {name} | {n / len(results):,.0f} | {span(wall, ',.0f')} | {statistics.median(cpu):,.0f} "
                  f"| {sum(r[0] * r[3] for r in results) / n:.2f} | {wait:.2f} "
                  f"| {sum(r[0] * r[4] for r in results) / n:.2%} | {gave_up:.2%} |")
        for name in models:
            if "cutover" in runs and name != "cutover":
                pairs = list(zip(runs["cutover"], runs[name]))
                wall, cpu = ([(c[0] / c[k]) / (s[0] / s[k]) for c, s in pairs] for k in (1, 2))
                ratios.append(f"{queue.name}: cutover / {name} = {span(wall, '.1f')} by wall clock, {span(cpu, '.1f')} by CPU time")
    print("", *ratios, sep="\n")


def span(values, form):
    return f"{statistics.median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


if __name__ == "__main__":
    main()
