#!/usr/bin/env python3
"""Makes the exports of the benchmark of nights: a first file of many discharges over 25 months, and the file of one measured night.

usage: make_store.py ROWS FOLDER [FACILITIES]

FOLDER/discharges-2026-10-31.csv has ROWS discharges of October 2024 to October 2026; most patients have two stays, in two months. FOLDER/night.csv has 5,000 records: 4,000 of November
2026, half of them of patients who are known, and 1,000 corrections (another payer) of records that are spread over the 24 months from October 2024 on. The rows are those of the fixtures'
September, moved to other months; nothing but Python and this repository is needed. With FACILITIES each
patient is at one of so many.
"""
import csv
import datetime
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from make_discharges import EXEMPT, EXTRA, PLAIN, SOURCE  # noqa: E402

# Codes that no excludes note, mark or year says anything of: the records of a store are mostly resolved.
PLAIN_EXTRA = [code for code in EXTRA if code not in EXEMPT and code not in ("R0902", "F329")]
MONTHS = 25
TEMPLATES = 3000
NEWEST = 25


def day_of(text):
    return datetime.date.fromisoformat(text[:10])


def moved(text, days):
    return (day_of(text) + datetime.timedelta(days)).isoformat() + text[10:] if text else text


def years(birth, day):
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


class Templates:
    """Rows of the fixtures without numbers, by template and month."""

    def __init__(self):
        draw = random.Random(20260901)
        with open(SOURCE, newline="") as file:
            dated = [row for row in csv.DictReader(file) if row["discharge_date"] and row["birth_date"]]
            # Codes that are exempt from marks differ from year to year.
            fixtures = [row for row in dated if "1" not in (row[f"POA{i}"] for i in range(1, 13))]
        self.rows, self.made = [], {}
        for _ in range(TEMPLATES):
            row = dict(draw.choice(fixtures))
            codes = [row[f"DX{i}"] for i in range(1, 13) if row[f"DX{i}"]]
            marks = [row[f"POA{i}"] for i in range(1, 13) if row[f"DX{i}"]]
            if row["service"] not in ("NB", "OB", "PED"):
                for code in draw.sample([code for code in PLAIN_EXTRA if code not in codes], draw.randrange(0, 9)):
                    codes.append(code)
                    marks.append(draw.choice("YYYYYYYYYN"))
            row["codes"] = codes + [""] * (25 - len(codes)) + marks + [""] * (25 - len(marks))
            row["remarks"] = row["remarks"].replace("\n", " ")
            self.rows.append(row)

    def alone(self, place):
        """Whether a patient of this template has one stay: newborns, and those who died."""
        row = self.rows[place]
        return row["discharge_status"] == "20" or day_of(row["birth_date"]) >= day_of(row["admit_date"])

    def text(self, place, month, payer=None):
        """The cells behind the numbers: the stay of September 2026 as one of a month, counted from October 2024."""
        key = (place, month, payer)
        if key not in self.made:
            row = dict(self.rows[place])
            if payer:
                row["payer"] = payer
            target = datetime.date(2024 + (9 + month) // 12, (9 + month) % 12 + 1, min(day_of(row["discharge_date"]).day, 28))
            days = (target - day_of(row["discharge_date"])).days
            born_here = day_of(row["birth_date"]) >= day_of(row["admit_date"])
            for name in ("admit_date", "discharge_date") + (("birth_date",) if born_here else ()):
                row[name] = moved(row[name], days)
            if row["age"]:
                row["age"] = str(years(day_of(row["birth_date"]), day_of(row["admit_date"])))
            cells = ['"' + cell.replace('"', '""') + '"' if "," in cell or '"' in cell else cell for cell in (row[name] for name in PLAIN[2:])]
            procedures = [row[f"PR{i}"] for i in range(1, 5)] + [""] * 11
            dates = [moved(row[f"PRDATE{i}"], days) for i in range(1, 5)] + [""] * 11
            self.made[key] = ",".join(cells + row["codes"] + procedures + dates)
        return self.made[key]


def place_of(patient):
    return patient * 2654435761 % TEMPLATES


def numbers(templates, row):
    """Patient, template and month of a row of the first file."""
    month, patient = row % MONTHS, row // MONTHS * 13 + row % MONTHS // 2
    place = place_of(patient)
    return (f"Q{row:08d}" if templates.alone(place) else f"P{patient:08d}"), place, month


def main():
    rows, folder = int(sys.argv[1]), sys.argv[2]
    facilities = int(sys.argv[3]) if len(sys.argv) > 3 else 1

    def line(number, patient, text):
        if facilities > 1:
            text = f"{1000 + int(patient[1:]) % facilities},{text.split(',', 1)[1]}"
        return f"{number},{patient},{text}\n"

    os.makedirs(folder, exist_ok=True)
    templates = Templates()
    head = PLAIN + [f"DX{i}" for i in range(1, 26)] + [f"POA{i}" for i in range(1, 26)] + [f"PR{i}" for i in range(1, 16)] + [f"PRDATE{i}" for i in range(1, 16)]
    with open(os.path.join(folder, "discharges-2026-10-31.csv"), "w") as file:
        file.write(",".join(head) + "\n")
        for start in range(0, rows, 10_000):
            lines = []
            for row in range(start, min(start + 10_000, rows)):
                patient, place, month = numbers(templates, row)
                lines.append(line(f"R{row + 1:09d}", patient, templates.text(place, month)))
            file.write("".join(lines))
    draw = random.Random(20261101)
    with open(os.path.join(folder, "night.csv"), "w") as file:
        file.write(",".join(head) + "\n")
        for new in range(4000):
            row = draw.randrange(rows)
            patient, place, _ = numbers(templates, row)
            if new % 2 or templates.alone(place):
                patient, place = f"N{new:08d}", new % TEMPLATES
            file.write(line(f"S{new + 1:09d}", patient, templates.text(place, NEWEST)))
        for row in draw.sample(range(rows // MONTHS), 1000):
            row = row * MONTHS + draw.randrange(24)
            patient, place, month = numbers(templates, row)
            file.write(line(f"R{row + 1:09d}", patient, templates.text(place, month, "SP")))


if __name__ == "__main__":
    main()
