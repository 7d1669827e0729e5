/** The CSV notation of a type's values, and their conversion to values. */
export interface CsvForm {
  /** SQL that is true if a field has the form. A field beyond the type's range may also have the form. */
  fits(field: string): string;
  /** The allowed forms, for people. */
  readonly allowed: string;
  /** SQL that makes the value of a field with the right form. Beyond the type's range it fails, or with `TRY_CAST` gives null. */
  cast(field: string, word?: 'CAST' | 'TRY_CAST'): string;
  /** True if `cast` fails where the form is wrong, and `fits` also checks the range. */
  readonly isChecked?: true;
}
