/** Keywords of JSON Schema that may declare fields elsewhere than under `properties`: where one of them stands, nobody can say which fields there are. */
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
