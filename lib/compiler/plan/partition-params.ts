import type { SqlTemplate } from '../template/template.ts';

/** The parameters that every query of a pipeline with `partition` may use without declaring them: the name is text, the others are moments. */
const own = new Map([
  ['partition', '{% partition.name %}'],
  ['partition_start', '{% partition.start %}'],
  ['partition_end', '{% partition.end %}'],
]);

/** The parameters of a step's queries: those of the template, and those of the partition that the texts name. A declared one takes the place of another with its name. */
export function withPartition(
  params: SqlTemplate['params'],
  { isPartitioned, texts }: { readonly isPartitioned: boolean; readonly texts: readonly string[] },
): SqlTemplate['params'] {
  if (!isPartitioned) return params;
  const declared = new Set(Object.keys(params).map((name) => name.toLowerCase()));
  const used = new Set(texts.flatMap((text) => text.toLowerCase().match(/\$partition(?:_start|_end)?\b/g) ?? []));
  const added = [...own].filter(([name]) => used.has(`$${name}`) && !declared.has(name));
  return { ...params, ...Object.fromEntries(added) };
}
