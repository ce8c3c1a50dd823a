#!/usr/bin/env python3
"""Times what the README says of speed: the whole main job, the Medicare Code Editor, comorbidity; each part can be asked for alone.

usage: bench.py [--parts job,mce,comorbidity,nights,workbook] [--rows 1000000] [--growth 5000000] [--runs 5] [--csv FILE] [--threads N]
                [--diagnoses 10000000] [--tests BINARY]

job          the whole main job against Polars' bare conversion of the same file, side by side, with peak memory
mce          claims a second of the Medicare Code Editor's edits on one thread, beside CMS's own program; claims are made from the shipped tables, and where
             the oracle's claims are there (CHARTROOM_SHARED, default ../shared) those are taken too
comorbidity  Charlson and Elixhauser of many diagnosis rows beside Polars and DuckDB (peer_comorbidity.py)
nights       the measured night, 5,000 records of which 1,000 correct older ones, on stores of 50,000, 500,000 and 5,000,000 discharges; only where it is asked for. The
             stores are made by make_store.py and kept in the folder --cache; each night runs on a copy. Then a month is counted from the largest store, in turn
             with Polars counting its tables from one Parquet file (peer_month.py)
workbook     a month's workbook of 60 facilities out of 1,000,000 discharges of 25 months, counted from the store, in turn with Polars and XlsxWriter making its tables from
             one Parquet file (peer_workbook.py); only where it is asked for

Needs Python 3; the main job `polars` (the peer) and a release build of chartroom: `cargo build --release`; comorbidity what peer_comorbidity.py says. A part
whose needs are not met is skipped and said so. The second and third part are tests of the release build, which cargo makes unless --tests names the test
binary. In the first part the two commands take turns; minimum, median and maximum
of the wall seconds are printed, the ratio of the medians, and the largest resident set of each. Without --csv the export is made by make_discharges.py.
With --growth the job also runs on that many rows, to show that memory does not grow with them.
"""
import argparse
import glob
import importlib.util
import os
import re
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


# Edited by CMS's own program, the Medicare Code Editor in Java (MCE 2.0, v43.1), on one thread: slowest and fastest of the runs cited for the task.
JAVA = (1_080, 1_330)
JAVA_SOURCE = "CMS, Medicare Code Editor software in Java, MCE 2.0 v43.1, one thread (cited, not run here)"


def mce(tests):
    """Claims a second of our editor, beside the figures of CMS's own."""
    build = [tests] if tests else ["cargo", "test", "--release", "--locked", "--test", "chartroom", "--"]
    command = build + ["claims_per_second_on_one_thread", "--ignored", "--nocapture"]
    text = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    rates = re.findall(r"^(\S+): (\d+) claims/s, (\d+) edits raised in (\d+) claims$", text, re.MULTILINE)
    if not rates:
        sys.exit(f"no rate in what the test printed:\n{text}")
    print(f"Medicare Code Editor, one thread{'':<12}{'claims/s':>12}{'times Java':>14}")
    for source, rate, _, _ in rates:
        name = "claims of the shipped codes" if source == "made" else source
        print(f"{'chartroom, ' + name:<44}{int(rate):>12,}{f'{int(rate) / JAVA[1]:.0f} to {int(rate) / JAVA[0]:.0f}':>14}")
    print(f"{'CMS, Java':<44}{f'{JAVA[0]:,}-{JAVA[1]:,}':>12}")
    print(f"  {JAVA_SOURCE}")


def comorbidity(rows, tests):
    """Runs the comparison with Polars and DuckDB."""
    lacking = [name for name in ("polars", "duckdb", "numpy", "zstandard") if importlib.util.find_spec(name) is None]
    if lacking:
        print(f"comorbidity skipped: Python lacks {', '.join(lacking)}")
        return
    command = [sys.executable, os.path.join(HERE, "peer_comorbidity.py"), "--rows", str(rows)]
    subprocess.run(command + (["--tests", tests] if tests else []), check=True)


NIGHT = """title = "Benchmark: nights"
state = "state"

[store]

[[ingest]]
name     = "discharges"
files    = "inbox/discharges-*.csv"
layout   = "{layout}"
delivery = "changes"

[edits]

[coding]

[statistics]
"""


MONTH = """title  = "Benchmark: month"
state  = "state"
from   = "store"
period = "2026-09"
output = "{output}"

[store]
examine = "{examine}"

[edits]

[coding]

[statistics]
"""


def month(arguments, work):
    """A month from the store of a folder, beside Polars counting the tables of the month from one Parquet file of all its records."""
    if importlib.util.find_spec("polars") is None:
        print("month skipped: Python lacks polars")
        return
    here = os.getcwd()
    os.chdir(work)
    for examine in ("everything", "changed"):
        with open(f"{examine}.toml", "w") as file:
            file.write(MONTH.format(examine=examine, output=f"out-{examine}"))
    command = [arguments.binary, "run", "--quiet", "--as-of", "2026-11-29"]
    rows_of("month, every record examined", [timed(command + ["everything.toml"])])
    records = glob.glob("out-everything/*-latest/data/coded_records.parquet")[0]
    own, peer = [], []
    for _ in range(arguments.runs):
        shutil.rmtree("out-changed", ignore_errors=True)
        own.append(timed(command + ["changed.toml"]))
        peer.append(timed([sys.executable, os.path.join(HERE, "peer_month.py"), records, "2026-09"]))
    ours, _ = rows_of("month, counted from what the nights left", own)
    theirs, _ = rows_of("Polars, the month's tables from one Parquet file", peer)
    print(f"ratio of the medians, chartroom over Polars {ours / theirs:.2f}")
    os.chdir(here)


def workbook(arguments):
    """The workbook of a month of many facilities from the store, beside Polars and XlsxWriter making its tables from one Parquet file of all its records."""
    if any(importlib.util.find_spec(package) is None for package in ("polars", "xlsxwriter")):
        print("workbook skipped: Python lacks polars or xlsxwriter")
        return
    folder = os.path.join(os.path.abspath(arguments.cache), "workbook")
    shutil.rmtree(folder, ignore_errors=True)
    inbox = os.path.join(folder, "inbox")
    os.makedirs(inbox)
    subprocess.check_call([sys.executable, os.path.join(HERE, "make_store.py"), str(arguments.rows), inbox, "60"])
    os.remove(os.path.join(inbox, "night.csv"))
    here = os.getcwd()
    os.chdir(folder)
    with open("night.toml", "w") as file:
        file.write(NIGHT.format(layout=os.path.join(ROOT, "pipelines", "layouts", "discharge-abstract.toml")))
    with open("month.toml", "w") as file:
        file.write(MONTH.format(examine="changed", output="out-month"))
    print(f"{'':<44}{'min s':>8}{'median':>8}{'max':>8}{'cpu s':>8}{'peak MiB':>10}")
    command = [arguments.binary, "run", "--quiet", "--as-of", "2026-10-31"]
    rows_of("first night, 60 facilities", [timed(command + ["night.toml"])])
    records = glob.glob("out/*-latest/data/coded_records.parquet")[0]
    own, peer = [], []
    for _ in range(arguments.runs):
        shutil.rmtree("out-month", ignore_errors=True)
        own.append(timed(command + ["month.toml"]))
        peer.append(timed([sys.executable, os.path.join(HERE, "peer_workbook.py"), records, "2026-09", "peer.xlsx"]))
    ours, _ = rows_of("month's workbook and page from the store", own)
    theirs, _ = rows_of("Polars and XlsxWriter, its tables", peer)
    print(f"ratio of the medians, Polars and XlsxWriter over chartroom {theirs / ours:.2f}")
    os.chdir(here)


def octets_written(before, folder):
    """Octets of files below a folder that are new or changed."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            if not os.path.islink(full) and (full, os.stat(full).st_mtime_ns) not in before:
                total += os.stat(full).st_size
    return total


def files_of(folder):
    return {(os.path.join(path, name), os.stat(os.path.join(path, name)).st_mtime_ns) for path, _, names in os.walk(folder) for name in names
            if not os.path.islink(os.path.join(path, name))}


def nights(arguments):
    """The measured night on stores of three sizes: time, memory and what it writes must not grow with the store."""
    medians = []
    print(f"{'':<44}{'min s':>8}{'median':>8}{'max':>8}{'cpu s':>8}{'peak MiB':>10}")
    for size in [int(size) for size in arguments.stores.split(",")]:
        folder = os.path.join(os.path.abspath(arguments.cache), str(size))
        base = os.path.join(folder, "base")
        if not os.path.exists(os.path.join(folder, "night.csv")):
            subprocess.check_call([sys.executable, os.path.join(HERE, "make_store.py"), str(size), folder])
        command = [arguments.binary, "run", "night.toml", "--quiet", "--as-of"]
        # A store of another edition of the program would be examined whole.
        if not os.path.exists(base) or os.stat(base).st_mtime < os.stat(arguments.binary).st_mtime:
            shutil.rmtree(base, ignore_errors=True)
            os.makedirs(os.path.join(base, "inbox"))
            with open(os.path.join(base, "night.toml"), "w") as file:
                file.write(NIGHT.format(layout=os.path.join(ROOT, "pipelines", "layouts", "discharge-abstract.toml")))
            inbox = os.path.join(base, "inbox", "discharges-2026-10-31.csv")
            os.symlink(os.path.join(folder, "discharges-2026-10-31.csv"), inbox)
            here = os.getcwd()
            os.chdir(base)
            rows_of(f"first night, {size:,} discharges", [timed(command + ["2026-10-31"])])
            os.chdir(here)
            os.remove(inbox)
            shutil.rmtree(os.path.join(base, "out"), ignore_errors=True)
            os.utime(base)
        times, written = [], 0
        for _ in range(arguments.runs):
            work = os.path.join(folder, "work")
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(base, work, symlinks=True)
            shutil.copy(os.path.join(folder, "night.csv"), os.path.join(work, "inbox", "discharges-2026-11-29.csv"))
            before, here = files_of(work), os.getcwd()
            os.chdir(work)
            times.append(timed(command + ["2026-11-29"]))
            os.chdir(here)
            written = octets_written(before, work)
        median, _ = rows_of(f"measured night, {size:,} discharges", times)
        print(f"  written: {written / 2 ** 20:.1f} MiB")
        medians.append(median)
        if size == int(arguments.stores.split(",")[-1]):
            month(arguments, work)
        shutil.rmtree(work, ignore_errors=True)
    print(f"ratio of the medians, largest over smallest store {medians[-1] / medians[0]:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default="job,mce,comorbidity")
    parser.add_argument("--diagnoses", type=int, default=10_000_000, help="diagnosis rows of the comparison of comorbidity")
    parser.add_argument("--tests", default="", help="the test binary of a release build; cargo builds it where none is named")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--growth", type=int, default=0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--csv", default="")
    parser.add_argument("--growth-csv", default="")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--stores", default="50000,500000,5000000", help="discharges of the stores that nights are measured on")
    parser.add_argument("--cache", default=os.path.join(tempfile.gettempdir(), "chartroom-bench-stores"))
    parser.add_argument("--binary", default=os.path.join(ROOT, "target", "release", "chartroom"))
    arguments = parser.parse_args()
    parts = [part for part in arguments.parts.split(",") if part]
    unknown = [part for part in parts if part not in ("job", "mce", "comorbidity", "nights", "workbook")]
    if unknown or not parts:
        parser.error(f"--parts takes job, mce, comorbidity, nights and workbook, not {', '.join(unknown) or 'nothing'}")
    tests = os.path.abspath(arguments.tests) if arguments.tests else ""
    if "job" in parts:
        if importlib.util.find_spec("polars") is None:
            print("job skipped: Python lacks polars")
        elif not os.path.exists(arguments.binary):
            print(f"job skipped: {arguments.binary} is not there (cargo build --release)")
        else:
            job_part(arguments)
    if "nights" in parts:
        print()
        nights(arguments)
    if "workbook" in parts:
        print()
        workbook(arguments)
    if "mce" in parts:
        print()
        mce(tests)
    if "comorbidity" in parts:
        print()
        comorbidity(arguments.diagnoses, tests)


def job_part(arguments):
    """The whole main job beside the peer's conversion."""
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
