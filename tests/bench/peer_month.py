#!/usr/bin/env python3
"""Counts the tables of a month from one Parquet file of coded records with Polars: the peer of a month that is counted from the store.

usage: peer_month.py CODED_RECORDS.parquet 2026-09

Discharges, days and deaths by payer, sex, disposition, type of admission, facility, service, coder, day and length of stay; all and principal diagnoses, all and principal
procedures; discharges by facility and month over all that the file holds. The tables are counted and not written.
"""
import datetime
import sys

import polars as pl

GROUPS = ["payer", "sex", "discharge_status", "admission_type", "facility_id", "service", "coder", "discharge_date", "length_of_stay_days"]


def main():
    path, month = sys.argv[1], sys.argv[2]
    first = datetime.date.fromisoformat(month + "-01")
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    records = pl.scan_parquet(path)
    columns = records.collect_schema().names()
    of_month = records.filter(pl.col("discharge_date").is_between(first, last))
    deaths = pl.col("discharge_status").is_in(["20", "40", "41", "42"]).sum().alias("deaths")
    counted = [pl.len().alias("discharges"), pl.col("length_of_stay_days").sum().alias("days"), deaths]
    tables = [of_month.group_by(group).agg([one for one in counted if group not in ("discharge_status", "length_of_stay_days") or one is counted[0]])
              for group in GROUPS if group in columns]
    for codes in ("diagnosis_code", "procedure_code"):
        tables.append(of_month.select(pl.col(codes).list.unique()).explode(codes).group_by(codes).len())
        tables.append(of_month.select(pl.col(codes).list.first()).group_by(codes).len())
    tables.append(records.group_by("facility_id", pl.col("discharge_date").dt.truncate("1mo")).len())
    print(sum(table.height for table in pl.collect_all(tables)), "rows of tables")


main()
