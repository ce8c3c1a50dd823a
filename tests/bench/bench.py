#!/usr/bin/env python3
"""Times the whole main job against Polars' bare conversion of the same file, side by side, with peak memory.

usage: bench.py [--rows 1000000] [--growth 5000000] [--runs 5] [--csv FILE] [--threads N]

Needs Python 3 with `polars` (the peer) and a release build of chartroom: `cargo build --release`. The two commands take turns; minimum, median and maximum
of the wall seconds are printed, the ratio of the medians, and the largest resident set of each. Without --csv the export is made by make_discharges.py.
With --growth the job also runs on that many rows, to show that memory does not grow with them.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
PIPELINE = """title = "Benchmark: discharges"

[[ingest]]
name   = "discharges"
files  = "{csv}"
layout = "{layout}"

[edits]

[coding]

[statistics]
"""


def timed(command, environment=None):
    """Wall seconds, peak resident set in MiB and exit code of one whole process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {process.returncode}:\n{errors.decode(errors='replace')}")
    return seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def rows_of(label, times):
    wall = sorted(t[0] for t in times)
    print(f"{label:<44}{wall[0]:>8.2f}{statistics.median(wall):>8.2f}{wall[-1]:>8.2f}{statistics.median(t[2] for t in times):>8.2f}{max(t[1] for t in times):>10.0f}")
    return statistics.median(wall), max(t[1] for t in times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--growth", type=int, default=0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--csv", default="")
    parser.add_argument("--growth-csv", default="")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--binary", default=os.path.join(ROOT, "target", "release", "chartroom"))
    arguments = parser.parse_args()
    work = tempfile.mkdtemp(prefix="chartroom-bench-")
    try:
        def export(given, rows):
            if given:
                return os.path.abspath(given)
            path = os.path.join(work, f"discharges-{rows}.csv")
            subprocess.check_call([sys.executable, os.path.join(HERE, "make_discharges.py"), str(rows), path])
            return path

        def job(csv_path, name):
            pipeline = os.path.join(work, f"{name}.toml")
            with open(pipeline, "w") as file:
                file.write(PIPELINE.format(csv=csv_path, layout=os.path.join(ROOT, "pipelines", "layouts", "discharge-abstract.toml")))
            command = [arguments.binary, "run", pipeline, "--as-of", "2026-11-01", "--out", os.path.join(work, "out"), "--quiet"]
            return command + (["--threads", str(arguments.threads)] if arguments.threads else [])

        source = export(arguments.csv, arguments.rows)
        ours = job(source, "bench")
        peer = [sys.executable, os.path.join(HERE, "peer_polars.py"), source, os.path.join(work, "peer.parquet")]
        first, second = [], []
        timed(ours), timed(peer)
        for _ in range(arguments.runs):
            first.append(timed(ours))
            second.append(timed(peer))
        print(f"{'':<44}{'min s':>8}{'median':>8}{'max':>8}{'cpu s':>8}{'peak MiB':>10}")
        ours_wall, ours_peak = rows_of(f"chartroom, whole main job, {os.path.getsize(source) >> 20} MiB", first)
        peer_wall, _ = rows_of("polars, scan_csv to sink_parquet alone", second)
        print(f"ratio of the medians {ours_wall / peer_wall:.2f}")
        if arguments.growth or arguments.growth_csv:
            larger = export(arguments.growth_csv, arguments.growth)
            _, large_peak = rows_of(f"chartroom, {os.path.getsize(larger) >> 20} MiB", [timed(job(larger, "growth"))])
            print(f"peak memory, larger over smaller {large_peak / ours_peak:.2f}")
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
