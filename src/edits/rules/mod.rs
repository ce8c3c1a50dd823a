//! The ordered list of edits. To add one: its file, its page, and two lines here.

mod additional_code_missing;
mod admission_after_death;
mod admission_before_birth;
mod admission_date_in_future;
mod admission_date_missing;
mod admission_date_unreadable;
mod admission_type_missing;
mod admission_type_not_in_force;
mod admission_type_not_in_list;
mod admitting_diagnosis_expired;
mod admitting_diagnosis_header;
mod admitting_diagnosis_malformed;
mod admitting_diagnosis_missing;
mod admitting_diagnosis_not_yet_valid;
mod admitting_diagnosis_of_wrong_revision;
mod admitting_diagnosis_unknown;
mod admitting_dot_misplaced;
mod admitting_leading_zeros_ambiguous;
mod age_band_unreadable;
mod age_differs_from_birth_date;
mod age_out_of_range;
mod age_outside_age_band;
mod age_unreadable;
mod attending_diagnoses_per_case_unusual;
mod attending_npi_invalid;
mod attending_npi_missing;
mod attending_practitioner_without_privileges;
mod birth_date_differs_between_records;
mod birth_date_differs_from_patient;
mod birth_date_gives_impossible_age;
mod birth_date_in_future;
mod birth_date_missing;
mod birth_date_unreadable;
mod birth_record_missing;
mod birth_register_does_not_speak;
mod birth_weight_out_of_range;
mod birth_weight_unreadable;
mod birth_weight_without_newborn;
mod births_differ_from_register;
mod born_twice;
mod cells_of_other_type;
mod cells_with_errors;
mod census_does_not_follow;
mod coded_date_unreadable;
mod coder_diagnoses_per_case_unusual;
mod codes_fit_another_revision;
mod columns_unmapped;
mod county_missing;
mod dates_decided_by_another_column;
mod dates_without_day;
mod death_before_admission;
mod death_date_differs_from_discharge;
mod death_date_in_future;
mod death_date_unreadable;
mod death_flag_differs_from_status;
mod death_flag_unreadable;
mod death_in_stay_without_status;
mod death_without_date;
mod death_without_register_entry;
mod deaths_register_does_not_speak;
mod diagnoses_per_case_implausible;
mod diagnoses_per_case_unusual;
mod diagnosis_dot_misplaced;
mod diagnosis_expired;
mod diagnosis_header;
mod diagnosis_malformed;
mod diagnosis_not_yet_valid;
mod diagnosis_of_other_system;
mod diagnosis_of_wrong_revision;
mod diagnosis_related_group_malformed;
mod diagnosis_revision_unreadable;
mod diagnosis_sequence_repeated;
mod diagnosis_sequence_unreadable;
mod diagnosis_unknown;
mod diagnosis_without_encounter;
mod diagnosis_written_with_punctuation;
mod discharge_after_code_tables;
mod discharge_before_admission;
mod discharge_date_in_future;
mod discharge_date_missing;
mod discharge_date_unreadable;
mod discharge_outside_period;
mod discharge_outside_stated_period;
mod discharge_status_missing;
mod discharge_status_not_in_force;
mod discharge_status_not_in_list;
mod discharge_without_census_row;
mod discharges_differ_from_census;
mod discharges_of_month_implausible;
mod discharges_of_month_unusual;
mod document_countersigned_before_signed;
mod document_signed_before_written;
mod document_signed_in_future;
mod document_time_unreadable;
mod document_without_author;
mod document_without_encounter;
mod document_without_type;
mod encoding_guessed;
mod encounter_number_missing;
mod encounter_number_repeated;
mod encounter_without_patient;
mod ethnicity_missing;
mod ethnicity_not_in_list;
mod etiology_after_manifestation;
mod every_row_quarantined;
mod excludes1_pair;
mod exempt_mark_on_code_not_exempt;
mod expected_file_missing;
mod external_cause_not_present_on_admission;
mod external_cause_principal;
mod external_cause_without_injury;
mod external_causes_per_case_implausible;
mod external_causes_per_case_unusual;
mod facility_differs_from_stated;
mod facility_missing;
mod file_name_without_date;
mod formulas_without_value;
mod full_file_not_whole;
mod gap_in_diagnoses;
mod gap_in_procedures;
mod home_discharge_share_implausible;
mod home_discharge_share_unusual;
mod hospice_status_on_inpatient;
mod identifiers_cut_by_spreadsheet;
mod injury_without_external_cause;
mod input_of_another_version;
mod input_older_than_last;
mod input_taken_before;
mod input_unusable;
mod leading_zeros_ambiguous;
mod left_against_advice_with_planned_readmission;
mod length_of_stay_unreadable;
mod liveborn_code_after_first_year;
mod liveborn_code_not_principal;
mod liveborn_code_without_newborn_type;
mod manifestation_without_etiology;
mod maternal_code_age;
mod maternal_code_age_until_2019;
mod maternal_code_on_male;
mod maternal_code_on_male_continued;
mod mce_admitting_diagnosis_age_conflict;
mod mce_admitting_diagnosis_sex_conflict;
mod mce_admitting_diagnosis_sex_conflict_continued;
mod mce_age_conflict;
mod mce_bilateral_procedure;
mod mce_diagnosis_sex_conflict;
mod mce_diagnosis_sex_conflict_continued;
mod mce_discharge_date_outside_editor;
mod mce_limited_coverage;
mod mce_manifestation_principal;
mod mce_non_covered_procedure;
mod mce_non_specific_operation;
mod mce_non_specific_principal;
mod mce_open_biopsy;
mod mce_principal_requires_secondary;
mod mce_procedure_longer_than_stay;
mod mce_procedure_sex_conflict;
mod mce_procedure_sex_conflict_continued;
mod mce_questionable_admission;
mod mce_questionable_obstetric_admission;
mod mce_sex_unknown;
mod mce_unacceptable_principal;
mod mce_unspecified_side;
mod mce_wrong_procedure;
mod medical_record_number_missing;
mod name_differs_from_content;
mod neonatal_and_maternal_codes;
mod newborn_point_of_origin;
mod newborn_type_without_birth;
mod newborn_without_birth_weight;
mod newborn_without_liveborn_code;
mod normal_delivery_with_complication;
mod notes_beside_table;
mod numbers_cut_by_spreadsheet;
mod one_identity_two_patient_numbers;
mod operating_npi_invalid;
mod operating_practitioner_without_privileges;
mod outcome_of_delivery_on_newborn;
mod outcome_of_delivery_without_pregnancy;
mod outpatient_status_on_inpatient;
mod patient_number_missing;
mod patient_number_repeated;
mod payer_missing;
mod payer_not_in_list;
mod payer_unknown_share_implausible;
mod payer_unknown_share_unusual;
mod placeholder_missing;
mod planned_readmission_unreadable;
mod point_of_origin_missing;
mod point_of_origin_not_in_force;
mod point_of_origin_not_in_list;
mod practitioner_not_on_staff_file;
mod present_on_admission_missing;
mod present_on_admission_not_in_list;
mod present_on_admission_on_exempt;
mod present_on_admission_undocumented;
mod present_on_admission_unknown_share_implausible;
mod present_on_admission_unknown_share_unusual;
mod present_on_admission_without_diagnosis;
mod principal_diagnosis_missing;
mod principal_not_present_on_admission;
mod procedure_after_death;
mod procedure_date_in_future;
mod procedure_date_unreadable;
mod procedure_dot_misplaced;
mod procedure_expired;
mod procedure_header;
mod procedure_leading_zeros_ambiguous;
mod procedure_malformed;
mod procedure_not_yet_valid;
mod procedure_of_wrong_revision;
mod procedure_outside_stay;
mod procedure_revision_unreadable;
mod procedure_unknown;
mod procedure_without_date;
mod procedure_without_encounter;
mod procedure_without_surgeon;
mod procedure_written_with_punctuation;
mod procedures_per_case_implausible;
mod procedures_per_case_unusual;
mod procedures_without_operating_practitioner;
mod race_missing;
mod race_not_in_list;
mod race_unknown_share_implausible;
mod race_unknown_share_unusual;
mod readmitted_on_day_of_discharge;
mod record_count_differs;
mod register_entry_without_death;
mod register_value_unreadable;
mod repeated_column;
mod repeated_diagnosis;
mod rows_beyond_one_stay;
mod rows_not_read;
mod rows_not_read_by_choice;
mod rows_numbered_by_place;
mod rows_quarantined;
mod rows_repeated;
mod same_day_stay_stated_as_zero;
mod same_stay_twice;
mod service_without_discharges_implausible;
mod service_without_discharges_unusual;
mod seventh_character_not_in_list;
mod sex_differs_between_records;
mod sex_differs_from_patient;
mod sex_missing;
mod sex_not_in_list;
mod social_security_number_default;
mod social_security_number_malformed;
mod stated_stay_differs;
mod stay_longer_than_limit;
mod stay_longer_than_longest;
mod stays_overlap;
mod still_a_patient_with_discharge;
mod surgeon_npi_invalid;
mod surgeon_without_privileges;
mod table_empty;
mod times_without_time_zone;
mod total_charges_missing;
mod total_charges_negative;
mod total_charges_unreadable;
mod transfer_with_gap;
mod values_too_long_to_show;
mod values_too_many;
mod zip_code_invalid;
mod zip_code_missing;
mod zip_code_outside_state;

use super::rule::Rule;

/// Every edit, in the order of reports.
pub static RULES: &[Rule] = &[
    repeated_column::RULE,
    record_count_differs::RULE,
    input_taken_before::RULE,
    rows_quarantined::RULE,
    every_row_quarantined::RULE,
    rows_repeated::RULE,
    table_empty::RULE,
    input_unusable::RULE,
    encoding_guessed::RULE,
    columns_unmapped::RULE,
    notes_beside_table::RULE,
    rows_not_read::RULE,
    rows_not_read_by_choice::RULE,
    cells_with_errors::RULE,
    formulas_without_value::RULE,
    cells_of_other_type::RULE,
    numbers_cut_by_spreadsheet::RULE,
    identifiers_cut_by_spreadsheet::RULE,
    times_without_time_zone::RULE,
    rows_numbered_by_place::RULE,
    dates_decided_by_another_column::RULE,
    dates_without_day::RULE,
    name_differs_from_content::RULE,
    values_too_long_to_show::RULE,
    values_too_many::RULE,
    rows_beyond_one_stay::RULE,
    input_of_another_version::RULE,
    input_older_than_last::RULE,
    file_name_without_date::RULE,
    full_file_not_whole::RULE,
    expected_file_missing::RULE,
    facility_differs_from_stated::RULE,
    discharge_outside_period::RULE,
    discharge_outside_stated_period::RULE,
    encounter_number_missing::RULE,
    patient_number_missing::RULE,
    facility_missing::RULE,
    medical_record_number_missing::RULE,
    admission_date_missing::RULE,
    discharge_date_missing::RULE,
    birth_date_missing::RULE,
    sex_missing::RULE,
    payer_missing::RULE,
    discharge_status_missing::RULE,
    attending_npi_missing::RULE,
    admission_type_missing::RULE,
    point_of_origin_missing::RULE,
    principal_diagnosis_missing::RULE,
    zip_code_missing::RULE,
    total_charges_missing::RULE,
    race_missing::RULE,
    county_missing::RULE,
    ethnicity_missing::RULE,
    admission_date_unreadable::RULE,
    discharge_date_unreadable::RULE,
    birth_date_unreadable::RULE,
    death_date_unreadable::RULE,
    procedure_date_unreadable::RULE,
    coded_date_unreadable::RULE,
    age_unreadable::RULE,
    age_band_unreadable::RULE,
    total_charges_unreadable::RULE,
    length_of_stay_unreadable::RULE,
    birth_weight_unreadable::RULE,
    death_flag_unreadable::RULE,
    planned_readmission_unreadable::RULE,
    sex_not_in_list::RULE,
    payer_not_in_list::RULE,
    discharge_status_not_in_list::RULE,
    discharge_status_not_in_force::RULE,
    admission_type_not_in_list::RULE,
    admission_type_not_in_force::RULE,
    point_of_origin_not_in_list::RULE,
    present_on_admission_not_in_list::RULE,
    age_out_of_range::RULE,
    zip_code_invalid::RULE,
    social_security_number_malformed::RULE,
    social_security_number_default::RULE,
    attending_npi_invalid::RULE,
    operating_npi_invalid::RULE,
    surgeon_npi_invalid::RULE,
    birth_weight_out_of_range::RULE,
    total_charges_negative::RULE,
    diagnosis_related_group_malformed::RULE,
    point_of_origin_not_in_force::RULE,
    admitting_diagnosis_missing::RULE,
    admitting_diagnosis_malformed::RULE,
    race_not_in_list::RULE,
    ethnicity_not_in_list::RULE,
    zip_code_outside_state::RULE,
    admission_date_in_future::RULE,
    discharge_date_in_future::RULE,
    birth_date_in_future::RULE,
    death_date_in_future::RULE,
    procedure_date_in_future::RULE,
    discharge_before_admission::RULE,
    admission_before_birth::RULE,
    age_differs_from_birth_date::RULE,
    age_outside_age_band::RULE,
    birth_date_gives_impossible_age::RULE,
    stay_longer_than_limit::RULE,
    stay_longer_than_longest::RULE,
    stated_stay_differs::RULE,
    same_day_stay_stated_as_zero::RULE,
    procedure_outside_stay::RULE,
    procedure_after_death::RULE,
    procedure_without_date::RULE,
    procedure_without_surgeon::RULE,
    procedures_without_operating_practitioner::RULE,
    surgeon_without_privileges::RULE,
    operating_practitioner_without_privileges::RULE,
    attending_practitioner_without_privileges::RULE,
    death_flag_differs_from_status::RULE,
    death_date_differs_from_discharge::RULE,
    death_in_stay_without_status::RULE,
    death_before_admission::RULE,
    death_without_date::RULE,
    newborn_type_without_birth::RULE,
    newborn_without_liveborn_code::RULE,
    newborn_point_of_origin::RULE,
    newborn_without_birth_weight::RULE,
    liveborn_code_after_first_year::RULE,
    liveborn_code_without_newborn_type::RULE,
    maternal_code_age::RULE,
    maternal_code_age_until_2019::RULE,
    maternal_code_on_male::RULE,
    maternal_code_on_male_continued::RULE,
    neonatal_and_maternal_codes::RULE,
    outpatient_status_on_inpatient::RULE,
    hospice_status_on_inpatient::RULE,
    still_a_patient_with_discharge::RULE,
    left_against_advice_with_planned_readmission::RULE,
    injury_without_external_cause::RULE,
    external_cause_principal::RULE,
    external_cause_without_injury::RULE,
    outcome_of_delivery_on_newborn::RULE,
    outcome_of_delivery_without_pregnancy::RULE,
    normal_delivery_with_complication::RULE,
    liveborn_code_not_principal::RULE,
    birth_weight_without_newborn::RULE,
    repeated_diagnosis::RULE,
    gap_in_diagnoses::RULE,
    gap_in_procedures::RULE,
    present_on_admission_missing::RULE,
    principal_not_present_on_admission::RULE,
    present_on_admission_without_diagnosis::RULE,
    external_cause_not_present_on_admission::RULE,
    present_on_admission_on_exempt::RULE,
    exempt_mark_on_code_not_exempt::RULE,
    present_on_admission_undocumented::RULE,
    mce_discharge_date_outside_editor::RULE,
    mce_age_conflict::RULE,
    mce_admitting_diagnosis_age_conflict::RULE,
    mce_diagnosis_sex_conflict::RULE,
    mce_diagnosis_sex_conflict_continued::RULE,
    mce_procedure_sex_conflict::RULE,
    mce_procedure_sex_conflict_continued::RULE,
    mce_admitting_diagnosis_sex_conflict::RULE,
    mce_admitting_diagnosis_sex_conflict_continued::RULE,
    mce_manifestation_principal::RULE,
    mce_non_specific_principal::RULE,
    mce_questionable_admission::RULE,
    mce_questionable_obstetric_admission::RULE,
    mce_unacceptable_principal::RULE,
    mce_principal_requires_secondary::RULE,
    mce_non_specific_operation::RULE,
    mce_non_covered_procedure::RULE,
    mce_open_biopsy::RULE,
    mce_bilateral_procedure::RULE,
    mce_sex_unknown::RULE,
    mce_limited_coverage::RULE,
    mce_wrong_procedure::RULE,
    mce_procedure_longer_than_stay::RULE,
    mce_unspecified_side::RULE,
    diagnosis_malformed::RULE,
    diagnosis_unknown::RULE,
    diagnosis_header::RULE,
    diagnosis_not_yet_valid::RULE,
    diagnosis_expired::RULE,
    diagnosis_of_wrong_revision::RULE,
    admitting_diagnosis_unknown::RULE,
    admitting_diagnosis_header::RULE,
    admitting_diagnosis_not_yet_valid::RULE,
    admitting_diagnosis_expired::RULE,
    admitting_diagnosis_of_wrong_revision::RULE,
    diagnosis_written_with_punctuation::RULE,
    leading_zeros_ambiguous::RULE,
    diagnosis_of_other_system::RULE,
    discharge_after_code_tables::RULE,
    procedure_leading_zeros_ambiguous::RULE,
    admitting_leading_zeros_ambiguous::RULE,
    diagnosis_dot_misplaced::RULE,
    procedure_dot_misplaced::RULE,
    admitting_dot_misplaced::RULE,
    diagnosis_revision_unreadable::RULE,
    procedure_revision_unreadable::RULE,
    codes_fit_another_revision::RULE,
    excludes1_pair::RULE,
    manifestation_without_etiology::RULE,
    etiology_after_manifestation::RULE,
    additional_code_missing::RULE,
    placeholder_missing::RULE,
    seventh_character_not_in_list::RULE,
    procedure_malformed::RULE,
    procedure_unknown::RULE,
    procedure_header::RULE,
    procedure_not_yet_valid::RULE,
    procedure_expired::RULE,
    procedure_of_wrong_revision::RULE,
    procedure_written_with_punctuation::RULE,
    encounter_number_repeated::RULE,
    diagnosis_without_encounter::RULE,
    procedure_without_encounter::RULE,
    document_without_encounter::RULE,
    encounter_without_patient::RULE,
    diagnosis_sequence_unreadable::RULE,
    diagnosis_sequence_repeated::RULE,
    birth_date_differs_from_patient::RULE,
    sex_differs_from_patient::RULE,
    patient_number_repeated::RULE,
    discharge_without_census_row::RULE,
    discharges_differ_from_census::RULE,
    census_does_not_follow::RULE,
    death_without_register_entry::RULE,
    register_entry_without_death::RULE,
    deaths_register_does_not_speak::RULE,
    births_differ_from_register::RULE,
    birth_register_does_not_speak::RULE,
    practitioner_not_on_staff_file::RULE,
    register_value_unreadable::RULE,
    document_signed_before_written::RULE,
    document_countersigned_before_signed::RULE,
    document_signed_in_future::RULE,
    document_without_type::RULE,
    document_time_unreadable::RULE,
    document_without_author::RULE,
    same_stay_twice::RULE,
    stays_overlap::RULE,
    admission_after_death::RULE,
    birth_date_differs_between_records::RULE,
    sex_differs_between_records::RULE,
    one_identity_two_patient_numbers::RULE,
    readmitted_on_day_of_discharge::RULE,
    transfer_with_gap::RULE,
    born_twice::RULE,
    birth_record_missing::RULE,
    diagnoses_per_case_implausible::RULE,
    external_causes_per_case_implausible::RULE,
    race_unknown_share_implausible::RULE,
    payer_unknown_share_implausible::RULE,
    home_discharge_share_implausible::RULE,
    present_on_admission_unknown_share_implausible::RULE,
    procedures_per_case_implausible::RULE,
    discharges_of_month_implausible::RULE,
    service_without_discharges_implausible::RULE,
    diagnoses_per_case_unusual::RULE,
    external_causes_per_case_unusual::RULE,
    race_unknown_share_unusual::RULE,
    payer_unknown_share_unusual::RULE,
    home_discharge_share_unusual::RULE,
    present_on_admission_unknown_share_unusual::RULE,
    procedures_per_case_unusual::RULE,
    discharges_of_month_unusual::RULE,
    service_without_discharges_unusual::RULE,
    coder_diagnoses_per_case_unusual::RULE,
    attending_diagnoses_per_case_unusual::RULE,
];

/// Codes of rules that are asked only where a pipeline or a profile says so (`apply`): edits that their programme has discontinued, and what is true of so many
/// sound records that its share alone is asked.
pub static OPTIONAL: &[&str] = &["LOG190", "MCE205", "MCE305", "MCE505", "POA007"];

/// Codes of rules that are no longer applied, with what replaced them; codes are never used again.
pub static REMOVED: &[(&str, &str)] = &[];
