#!/usr/bin/env python3
"""Counts a month's statistics with Polars from one Parquet file of coded records, and writes them with XlsxWriter: the peer of a month's workbook that is counted from the store.

usage: peer_workbook.py CODED_RECORDS.parquet 2026-09 WORKBOOK.xlsx

Measures of the hospital, of each of thirteen months, of each facility, and of each facility and month: admissions, discharges, deaths, days, mean stay, death rate, service days and
average daily census; the census of every day; discharges, days and deaths by payer, sex, disposition, type of admission, service, coder, age and length of stay; all and principal
diagnoses and procedures. Newborns are not told apart, and nothing is held against a register, a limit or a reference: the program's workbook has more.
"""
import datetime
import sys

import polars as pl
import xlsxwriter

GROUPS = ["payer", "sex", "discharge_status", "admission_type", "facility_id", "service", "coder", "discharge_date", "length_of_stay_days", "age_years"]


def month_after(day, months):
    number = day.year * 12 + day.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)


def main():
    path, month, workbook = sys.argv[1:4]
    first = datetime.date.fromisoformat(month + "-01")
    last = month_after(first, 1) - datetime.timedelta(days=1)
    trend = month_after(first, -12)
    records = pl.scan_parquet(path)
    columns = records.collect_schema().names()
    of_month = records.filter(pl.col("discharge_date").is_between(first, last))
    died = pl.col("discharge_status").is_in(["20", "40", "41", "42"])
    counted = [
        pl.len().alias("Discharges"),
        pl.col("length_of_stay_days").sum().alias("Days"),
        pl.col("length_of_stay_days").mean().alias("Average stay"),
        died.sum().alias("Deaths"),
        (died.mean() * 100).alias("Deaths, %"),
    ]
    of_trend = records.filter(pl.col("discharge_date").is_between(trend, last))
    by_month = pl.col("discharge_date").dt.truncate("1mo").alias("month")
    # The midnight census of each facility and day: admissions so far less discharges so far; a stay within a day is a service day.
    came = records.group_by("facility_id", pl.col("admission_date").alias("day")).agg(pl.len().cast(pl.Int64).alias("came"))
    left = records.group_by("facility_id", pl.col("discharge_date").alias("day")).agg(
        pl.len().cast(pl.Int64).alias("left"),
        (pl.col("admission_date") == pl.col("discharge_date")).sum().cast(pl.Int64).alias("same_day"),
    )
    days = came.join(left, on=["facility_id", "day"], how="full", coalesce=True).fill_null(0).sort("facility_id", "day")
    census = days.with_columns((pl.col("came") - pl.col("left")).cum_sum().over("facility_id").alias("census"))
    census = census.filter(pl.col("day").is_between(trend, last)).with_columns((pl.col("census") + pl.col("same_day")).alias("service_days"))
    of_census = [pl.col("came").sum().alias("Admissions"), pl.col("service_days").sum().alias("Service days")]
    tables = {
        "Measures": of_month.select(counted),
        "Months": of_trend.group_by(by_month).agg(counted).sort("month"),
        "Census of months": census.group_by(pl.col("day").dt.truncate("1mo")).agg(of_census).sort("day"),
        "Facilities": of_month.group_by("facility_id").agg(counted).sort("facility_id"),
        "Facilities by month": of_trend.group_by("facility_id", by_month).agg(counted).sort("facility_id", "month"),
        "Census by facility and month": census.group_by("facility_id", pl.col("day").dt.truncate("1mo")).agg(of_census).sort("facility_id", "day"),
        "Census": census.filter(pl.col("day") >= first).group_by("day").agg(
            pl.col("came").sum(), pl.col("left").sum(), pl.col("census").sum(), pl.col("service_days").sum()).sort("day"),
    }
    for group in GROUPS:
        if group in columns:
            tables[group] = of_month.group_by(group).agg(counted).sort(group)
    for codes in ("diagnosis_code", "procedure_code"):
        tables["all " + codes] = of_month.select(pl.col(codes).list.unique()).explode(codes).group_by(codes).len().sort("len", descending=True).head(25)
        tables["first " + codes] = of_month.select(pl.col(codes).list.first()).group_by(codes).len().sort("len", descending=True).head(25)
    names = list(tables)
    frames = pl.collect_all(list(tables.values()))
    book = xlsxwriter.Workbook(workbook, {"constant_memory": False, "default_date_format": "yyyy-mm-dd", "nan_inf_to_errors": True})
    for name, frame in zip(names, frames):
        frame.write_excel(book, worksheet=name[:31], autofit=True)
    book.close()
    print(len(frames), "tables,", sum(frame.height for frame in frames), "rows")


main()
