/** Values that say nothing: `key:`, `[]` and `{}`. */
export const emptyValue = { enum: [null, [], {}] };
