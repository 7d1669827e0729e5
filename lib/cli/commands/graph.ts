import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { loadValid } from '../load.ts';
import { mermaid } from '../render/mermaid.ts';

/** Draws a pipeline's steps as a Mermaid flowchart. */
export async function graph({ args }: Invocation, context: Context): Promise<Answer> {
  const { plan, file } = await loadValid(args[0] ?? '', context);
  const text = mermaid(plan.steps);
  const steps = plan.steps.map(({ name, dependencies, awaits }) => ({
    name,
    dependencies: [...dependencies],
    waits_for: [...awaits],
  }));
  return { exitCode: 0, json: { name: plan.name, file, steps, mermaid: text }, text };
}
