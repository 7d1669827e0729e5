/** Every kind of fault, with its meaning and its rate at each opportunity: per operation, per invocation or per execution. */
export const faultKinds = {
  process_killed: { rate: 0.004, what: 'the whole process dies at an operation, or at an instant' },
  execution_stopped: { rate: 0.3, what: 'the execution is stopped, and its functions continue' },
  invocation_killed: { rate: 0.01, what: 'the process of one invocation dies' },
  timed_out: { rate: 0.004, what: 'an operation takes so long that the function runs into its time-out' },
  loop_blocked: {
    rate: 0.003,
    what: 'a computation blocks the event loop of an invocation: nothing of it continues, and no timer fires',
  },
  zombie: { rate: 0.6, what: 'a function that timed out continues and ends later' },
  invoked_twice: { rate: 0.15, what: 'Lambda runs one invocation twice' },
  throttled: { rate: 0.1, what: 'Lambda refuses to start an invocation' },
  function_answer_lost: { rate: 0.05, what: 'a function ends well, and Step Functions hears of an error' },
  store_unavailable: { rate: 0.02, what: 'the store answers 503 beyond its retries, and nothing happened' },
  store_answer_lost: { rate: 0.02, what: 'a write takes effect, and its answer is lost' },
  store_full: { rate: 0.01, what: 'the disk of the store is full (ENOSPC), and nothing is written' },
  store_slow: { rate: 0.03, what: 'the store takes up to 20 s' },
  store_stream_broken: { rate: 0.05, what: 'the connection breaks while an object is read' },
  own_write_refused: { rate: 0.05, what: "a conditional write is answered 412 because of the caller's own write" },
  queue_unavailable: { rate: 0.2, what: 'the queue does not take a message' },
  queue_answer_lost: { rate: 0.2, what: 'the queue takes a message, and its answer is lost' },
  queue_delivered_twice: { rate: 0.2, what: 'the queue has a message twice' },
  sink_unavailable: { rate: 0.1, what: 'a sink does not take a load' },
  sink_answer_lost: { rate: 0.1, what: 'a sink takes a load, and its answer is lost' },
  effect_late: {
    rate: 0.15,
    what: 'a load lies in the network and takes effect up to an hour later, even if its sender is dead by then',
  },
  token_unavailable: { rate: 0.3, what: 'SendTaskSuccess fails, and nothing happened' },
  token_answer_lost: { rate: 0.3, what: 'SendTaskSuccess takes effect, and its answer is lost' },
  clock_jumped: { rate: 0.03, what: 'the clock of the world jumps ahead, by up to two hours' },
  clock_skewed: { rate: 0.3, what: "an invocation's clock is up to 5 s off" },
  handler_failed: { rate: 0.12, what: 'a handler throws an error that is retried' },
  handler_gave_up: { rate: 0.05, what: 'a handler throws a PermanentError' },
  handler_broken: { rate: 0.3, what: "a step's code is wrong until it is fixed for a later execution" },
  bytes_lost: { rate: 0.25, what: 'a committed object is gone or damaged when the run is resumed' },
  record_damaged: { rate: 0.25, what: 'a record of the run is torn; the doctor repairs it before the run is resumed' },
  taken_for_dead: { rate: 0.2, what: 'another host takes the execution for dead, and works on its run beside it' },
  resumed_twice: { rate: 0.3, what: 'a run is resumed twice at the same time' },
  event_lost: { rate: 0.2, what: 'EventBridge never tells that an execution ended' },
  event_twice: { rate: 0.3, what: 'EventBridge tells it twice' },
} as const satisfies Record<string, { readonly rate: number; readonly what: string }>;

export type FaultKind = keyof typeof faultKinds;

export const faultNames = Object.keys(faultKinds) as FaultKind[];
