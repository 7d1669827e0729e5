import { isObject, type Json, type JsonObject } from '../../contract/json.ts';

/** The placeholder for the partition in the definition (`aws`, `aws-cn`, ...). */
export const partitionPlaceholder = 'Partition';

/** Replaces the partition in resources only: template data elsewhere may contain the same text. */
const inStates = (machine: JsonObject): JsonObject => {
  const states = isObject(machine.States) ? machine.States : {};
  return {
    ...machine,
    States: Object.fromEntries(Object.entries(states).map(([name, state]) => [name, inState(state)])),
  };
};

const inState = (state: Json): Json => {
  if (!isObject(state)) return state;
  const { Resource, Branches, ItemProcessor } = state;
  return {
    ...state,
    ...(typeof Resource === 'string' && {
      Resource: Resource.replace(/^arn:aws:states:::/, `arn:\${${partitionPlaceholder}}:states:::`),
    }),
    ...(Array.isArray(Branches) && {
      Branches: Branches.map((branch) => (isObject(branch) ? inStates(branch) : branch)),
    }),
    ...(isObject(ItemProcessor) && { ItemProcessor: inStates(ItemProcessor) }),
  };
};

/** Returns the definition as text for any partition. */
export function definitionText(definition: JsonObject): string {
  return JSON.stringify(inStates(definition));
}
