import * as z from 'zod';

/** A message of the dead-letter queue: a letter's id, or the reason why it has none. */
export type ReadMessage = { readonly id: string } | { readonly reason: string };

const message = z.object({
  id: z.string(),
  pipeline: z.string(),
  run_id: z.string(),
  execution: z.number().int().positive(),
  step: z.string(),
});

/** Reads a message as the copy of a dead letter of this pipeline. Anyone may send to a queue, so the reader trusts only the id and looks it up in the store. */
export function readMessage(body: string, pipeline: string): ReadMessage {
  const parsed = message.safeParse(parse(body));
  if (!parsed.success) return { reason: parse(body) === undefined ? 'it is not JSON' : 'it is not a dead letter' };
  const { id, run_id, execution, step } = parsed.data;
  if (parsed.data.pipeline !== pipeline) return { reason: 'it is a dead letter of another pipeline' };
  return id === `${pipeline}/${run_id}/${execution}/${step}` ? { id } : { reason: 'its id does not fit what it says' };
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
