import type { Json, JsonObject } from '../../contract/json.ts';
import type { ExecutionOptions } from './api.ts';
import { History } from './history.ts';
import { type Journal, noJournal } from './journal.ts';
import { TokenRegister } from './task-tokens.ts';

/** The state that all threads of one execution share. */
export class Execution {
  readonly options: ExecutionOptions;
  readonly history: History;
  readonly journal: Journal;
  readonly tokens: TokenRegister;
  /** The context object's `Execution` and `StateMachine`. */
  readonly context: { readonly Execution: JsonObject; readonly StateMachine: JsonObject };
  transitions = 0;

  constructor(options: ExecutionOptions) {
    this.options = options;
    this.history = new History(() => options.clock.now(), options.onEvent, options.earlierEvents);
    this.journal = options.journal ?? noJournal;
    const redrives = options.redriveCount ?? 0;
    this.tokens = new TokenRegister(`${options.arn}:${redrives}`);
    this.context = contextOf(options, redrives);
  }

  /** The injected time in the context object's format. */
  timestamp(): string {
    return new Date(this.options.clock.now()).toISOString();
  }
}

const contextOf = (options: ExecutionOptions, redrives: number): Execution['context'] => {
  const now = new Date(options.clock.now()).toISOString();
  const { id, name } = machineOf(options.arn);
  return {
    Execution: {
      Id: options.arn,
      Input: options.input satisfies Json,
      StartTime: options.startTime ?? now,
      Name: options.name,
      RoleArn: options.roleArn ?? 'arn:aws:iam::000000000000:role/local',
      RedriveCount: redrives,
      ...(redrives > 0 && { RedriveTime: now }),
    },
    StateMachine: { Id: id, Name: name },
  };
};

/** An execution's ARN is its machine's with the execution's name behind it: `arn:aws:states:<region>:<account>:execution:<machine>:<name>`. */
const machineOf = (arn: string): { id: string; name: string } => {
  const parts = arn.split(':');
  if (parts.length < 8 || parts[5] !== 'execution') return { id: arn, name: arn };
  const name = parts[6] ?? '';
  return { id: [...parts.slice(0, 5), 'stateMachine', name].join(':'), name };
};
