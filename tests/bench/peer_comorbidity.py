#!/usr/bin/env python3
"""Times Charlson and Elixhauser (Quan 2005) of many diagnosis rows in chartroom, Polars and DuckDB, side by side.

usage: peer_comorbidity.py [--rows 10000000] [--runs 3] [--csv FILE] [--tests BINARY]

Needs Python 3 with `polars`, `duckdb`, `numpy` and `zstandard`, and cargo. Rows are (encounter, ICD-10-CM code), ten an encounter on average, codes drawn from
the shipped table with frequencies that fall as 1/rank. Every contender makes one row an encounter with both sets of conditions after the hierarchy, four scores
and the counts, once from the CSV file and once from rows held in memory; the sums of all columns must agree. The peers match prefixes on the distinct
codes and join, which is many times faster in them than matching every row.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

import duckdb
import numpy
import polars as pl
import zstandard

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
TABLES = os.path.join(ROOT, "src", "coding", "comorbidity", "tables")
HIERARCHY = {
    "charlson": [("msld", "mld"), ("diabwc", "diab"), ("metacanc", "canc")],
    "elixhauser": [("hypc", "hypunc"), ("diabc", "diabunc"), ("metacanc", "solidtum")],
}


def make_rows(path, rows):
    generator = numpy.random.default_rng(20261101)
    with open(os.path.join(ROOT, "src", "codeset", "tables", "icd10cm.tsv.zst"), "rb") as file:
        lines = zstandard.ZstdDecompressor().stream_reader(file).read().decode().splitlines()
    codes = numpy.array([line.split("\t")[0] for line in lines if line.split("\t")[1]])
    generator.shuffle(codes)
    frequency = 1 / numpy.arange(1, len(codes) + 1)
    encounters = numpy.sort(generator.integers(0, rows // 10, rows, dtype=numpy.uint32))
    drawn = codes[generator.choice(len(codes), rows, p=frequency / frequency.sum())]
    pl.DataFrame({"encounter_id": encounters, "code": drawn}).write_csv(path)


def index(name):
    """Names, weights and ICD-10 prefixes of an index."""
    with open(os.path.join(TABLES, f"{name}.tsv")) as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    names = [row[0] for row in rows]
    weights = [[int(row[column]) for row in rows] for column in (2, 3)]
    return names, weights, [(prefix, place) for place, row in enumerate(rows) for prefix in row[5].split(" ")]


def masks():
    """Bits of both indices by prefix: Charlson below bit 32, Elixhauser above."""
    mask = {}
    for name, shift in (("charlson", 0), ("elixhauser", 32)):
        for prefix, place in index(name)[2]:
            mask[prefix] = mask.get(prefix, 0) | 1 << place + shift
    return mask


def settled_polars(column, name):
    names, weights, _ = index(name)
    bits = pl.col(column)
    for graver, milder in HIERARCHY[name]:
        graver, milder = 1 << names.index(graver), 1 << names.index(milder)
        bits = pl.when(bits & graver != 0).then(bits & ~milder).otherwise(bits)
    bits = bits.alias(name)
    flag = [(pl.col(name) & (1 << place) != 0).cast(pl.Int32) for place in range(len(names))]
    scores = [sum(flag[p] * w for p, w in enumerate(weight) if w).alias(f"{name}_{number}") for number, weight in enumerate(weights)]
    return bits, [*scores, pl.col(name).bitwise_count_ones().alias(f"{name}_count")]


def by_polars(rows):
    mask = masks()
    codes = rows.select("code").unique()
    found = codes.with_columns(bits=pl.lit(0, pl.Int64))
    for length in (3, 4, 5):
        some = {prefix: bits for prefix, bits in mask.items() if len(prefix) == length}
        if some:
            part = pl.LazyFrame({"prefix": list(some), "more": list(some.values())}, schema={"prefix": pl.String, "more": pl.Int64})
            found = (found.with_columns(prefix=pl.col("code").str.slice(0, length)).join(part, on="prefix", how="left")
                     .select("code", bits=pl.col("bits") | pl.col("more").fill_null(0)))
    charlson, charlson_scores = settled_polars("low", "charlson")
    elixhauser, elixhauser_scores = settled_polars("high", "elixhauser")
    return (rows.join(found, on="code", how="left").group_by("encounter_id").agg(pl.col("bits").bitwise_or())
            .with_columns(low=pl.col("bits") & 0xFFFFFFFF, high=pl.col("bits") // (1 << 32))
            .select("encounter_id", charlson, elixhauser).with_columns(*charlson_scores, *elixhauser_scores).collect())


def settled_sql(column, name):
    names, weights, _ = index(name)
    bits = column
    for graver, milder in HIERARCHY[name]:
        graver, milder = 1 << names.index(graver), 1 << names.index(milder)
        bits = f"CASE WHEN ({column} & {graver}) <> 0 THEN {bits} & ~{milder}::BIGINT ELSE {bits} END"
    scores = []
    for number, weight in enumerate(weights):
        terms = [f"(({name} >> {place}) & 1) * {w}" for place, w in enumerate(weight) if w]
        scores.append(f"{' + '.join(terms)} AS {name}_{number}")
    return f"{bits} AS {name}", [*scores, f"bit_count({name}) AS {name}_count"]


def by_duckdb(connection, source):
    charlson, charlson_scores = settled_sql("low", "charlson")
    elixhauser, elixhauser_scores = settled_sql("high", "elixhauser")
    values = ", ".join(f"('{prefix}', {bits})" for prefix, bits in masks().items())
    lengths = " | ".join(f"coalesce(p{n}.bits, 0)" for n in (3, 4, 5))
    joins = " ".join(f"LEFT JOIN p p{n} ON p{n}.prefix = left(c.code, {n}) AND length(c.code) >= {n}" for n in (3, 4, 5))
    connection.execute(f"""CREATE OR REPLACE TABLE answer AS
        WITH p(prefix, bits) AS (SELECT prefix, bits::BIGINT FROM (VALUES {values}) AS v(prefix, bits)),
        source AS MATERIALIZED (SELECT encounter_id, code FROM {source}),
        c AS (SELECT DISTINCT code FROM source), m AS (SELECT c.code, {lengths} AS bits FROM c {joins}),
        e AS (SELECT encounter_id, bit_or(m.bits) AS bits FROM source JOIN m USING (code) GROUP BY encounter_id),
        h AS (SELECT encounter_id, bits & 4294967295 AS low, bits >> 32 AS high FROM e),
        s AS (SELECT encounter_id, {charlson}, {elixhauser} FROM h)
        SELECT *, {', '.join([*charlson_scores, *elixhauser_scores])} FROM s""")
    return connection


def sums(frame):
    total = lambda column: int(frame[column].cast(pl.Int64).sum())
    columns = [f"{name}{part}" for name in ("charlson", "elixhauser") for part in ("", "_0", "_1")]
    return [frame.height, *map(total, columns), total("charlson_count") + total("elixhauser_count")]


def timed(runs, work):
    """Best seconds of some runs, and the last result."""
    best = None
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        best = seconds if best is None else min(best, seconds)
    return best, result


def ours(path, tests):
    environment = {**os.environ, "CHARTROOM_COMORBIDITY_ROWS": path}
    build = [tests] if tests else ["cargo", "test", "--release", "--locked", "--test", "chartroom", "--"]
    command = build + ["charlson_and_elixhauser_of_many_rows", "--ignored", "--nocapture"]
    text = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = [line.split(" ") for line in text.splitlines()]
    seconds = lambda kind: min(float(line[2]) for line in lines if line[:2] == [kind, "seconds"])
    return seconds("file"), seconds("memory"), next([int(sum) for sum in line[1:]] for line in lines if line[0] == "sums")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--csv", default="")
    parser.add_argument("--tests", default="", help="the test binary of a release build; cargo builds it where none is named")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.csv or os.path.join(folder, "rows.csv")
        if not os.path.exists(path):
            make_rows(path, given.rows)
        path = os.path.abspath(path)
        schema = {"encounter_id": pl.UInt32, "code": pl.String}
        file, memory, expected = ours(path, given.tests)
        times = {"chartroom": (file, memory)}
        from_file, answer = timed(given.runs, lambda: by_polars(pl.scan_csv(path, schema=schema)))
        assert sums(answer) == expected, (sums(answer), expected)
        held = pl.read_csv(path, schema=schema)
        times[f"Polars {pl.__version__}"] = from_file, timed(given.runs, lambda: by_polars(held.lazy()))[0]
        rows = held.height
        del held
        connection = duckdb.connect()
        csv = f"read_csv('{path}', header=true, columns={{'encounter_id': 'UINTEGER', 'code': 'VARCHAR'}})"
        from_file, _ = timed(given.runs, lambda: by_duckdb(connection, csv))
        columns = [f"sum({name}{part})::BIGINT" for name in ("charlson", "elixhauser") for part in ("", "_0", "_1")]
        row = connection.execute(f"SELECT count(*), {', '.join(columns)}, sum(charlson_count + elixhauser_count)::BIGINT FROM answer").fetchone()
        assert list(row) == expected, (row, expected)
        connection.execute(f"CREATE TABLE held AS SELECT * FROM {csv}")
        times[f"DuckDB {duckdb.__version__}"] = from_file, timed(given.runs, lambda: by_duckdb(connection, "held"))[0]
    print(f"{rows:,} diagnosis rows, {expected[0]:,} encounters, best of {given.runs}, {os.cpu_count()} cores; sums agree")
    print(f"{'':<20}{'from CSV, s':>12}{'ratio':>8}{'in memory, s':>14}{'ratio':>8}")
    for name, (from_file, from_memory) in times.items():
        print(f"{name:<20}{from_file:>12.3f}{from_file / file:>8.1f}{from_memory:>14.3f}{from_memory / memory:>8.1f}")


if __name__ == "__main__":
    sys.exit(main())
