/** Keywords of JSON Schema that may declare fields elsewhere than under `properties`: next to one of them, the fields are unknown. */
export const mayDeclareMore = [
  '$ref',
  '$dynamicRef',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'dependentSchemas',
  'patternProperties',
];
