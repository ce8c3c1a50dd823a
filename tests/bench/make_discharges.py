#!/usr/bin/env python3
"""Makes a large export of wide discharge abstracts (98 columns, about 270 bytes a row) from the fixtures.

usage: make_discharges.py ROWS OUT.csv

The rows of the fixtures' September are repeated under new record and patient numbers, with the diagnoses varied from row to row, so that nothing but
Python and this repository is needed. With numpy and a generator of one's own, any file in the layout `discharge-abstract` will do as well.
"""
import csv
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "..", "fixtures", "discharges", "discharges-2026-09.csv")
EXTRA = "I10 E785 E119 Z87891 I4891 F419 K219 D649 E871 Z7982 G4733 D62 J9601 E669 N1830 Z794 I2510 M810 E039 N400 F329 J449 I739 Z955 E876 D509 K5900 R0902".split()
EXEMPT = {"Z87891", "Z7982", "Z794", "Z955"}
PLAIN = ["record_id", "patient_id", "facility_id", "admit_date", "discharge_date", "birth_date", "age", "sex", "zip", "payer", "admit_type", "admit_source",
         "discharge_status", "ms_drg", "total_charges", "attending_npi", "attending_name", "remarks"]


def main():
    rows, out = int(sys.argv[1]), sys.argv[2]
    draw = random.Random(20260901)
    head = PLAIN + [f"DX{i}" for i in range(1, 26)] + [f"POA{i}" for i in range(1, 26)] + [f"PR{i}" for i in range(1, 16)] + [f"PRDATE{i}" for i in range(1, 16)]
    with open(SOURCE, newline="") as file:
        fixtures = list(csv.DictReader(file))
    templates = []
    for _ in range(4000):
        row = dict(draw.choice(fixtures))
        codes = [row[f"DX{i}"] for i in range(1, 13) if row[f"DX{i}"]]
        marks = [row[f"POA{i}"] for i in range(1, 13) if row[f"DX{i}"]]
        if row["service"] not in ("NB", "OB", "PED"):
            for code in draw.sample([code for code in EXTRA if code not in codes], draw.randrange(0, 9)):
                codes.append(code)
                marks.append("1" if code in EXEMPT else draw.choice("YYYYYYYYYN"))
        row["remarks"] = row["remarks"].replace("\n", " ")
        cells = [row[name] for name in PLAIN[2:]]
        cells = ['"' + cell.replace('"', '""') + '"' if "," in cell or '"' in cell else cell for cell in cells]
        cells += codes + [""] * (25 - len(codes)) + marks + [""] * (25 - len(marks))
        for kind in ("PR", "PRDATE"):
            values = [row[f"{kind}{i}"] for i in range(1, 5)]
            cells += values + [""] * 11
        templates.append(",".join(cells))
    with open(out, "w") as file:
        file.write(",".join(head) + "\n")
        for start in range(0, rows, 10_000):
            count = min(10_000, rows - start)
            file.write("".join(f"R{start + i + 1:09d},P{start + i + 1:08d},{templates[draw.randrange(4000)]}\n" for i in range(count)))


if __name__ == "__main__":
    main()
