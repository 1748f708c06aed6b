import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';
import { endWithParent } from '../workbench/processes.ts';
import type { NodeTestEvent } from './fileRun.ts';

endWithParent();

/** A reporter of Node's test runner: one JSON object a line for every test that ended, for fileRun.ts to read. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const event: NodeTestEvent = {
      name: data.name,
      file: data.file ?? '',
      durationMs: data.details.duration_ms,
      suite: data.details.type === 'suite',
      skipped: data.skip !== undefined || data.todo !== undefined,
      ...('error' in data.details ? failure(data.details.error) : {}),
    };
    yield `${JSON.stringify(event)}\n`;
  }
}

/** Node wraps what a test threw into an error of its own, which names the kind of failure. */
function failure(error: Error & { failureType?: string }): Pick<NodeTestEvent, 'error' | 'failureType'> {
  return { error: inspect(error.cause ?? error), failureType: error.failureType ?? '' };
}
