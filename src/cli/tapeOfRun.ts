import { InputError } from '../common/inputError.ts';
import { finish } from '../common/work.ts';
import type { StoredRun } from '../protocol/storedRun.ts';
import type { Tape } from '../protocol/study.ts';
import { WindowStudy } from '../study/windowStudy.ts';
import { thisMachine } from '../training/machine.ts';
import { TrainingRun } from '../training/run.ts';
import { CommandError } from './errors.ts';
import { checkpointOf } from './storedRuns.ts';
import { findText } from '../runs/disk/textOfRun.ts';

/**
 * The window that comes next after a run's newest checkpoint, unrolled: of its first stream, by the float64 reference.
 * @param bundles the folder of the bundles, where the kernels are.
 * @returns why there is none, where the checkpoint or the text is not there.
 */
export async function nextTape(
  name: string,
  run: StoredRun,
  bundles: string,
): Promise<Tape | { readonly absent: string }> {
  const found = await findText(name, run);
  if ('absent' in found) return { absent: `No window is shown unrolled. ${found.absent}` };
  try {
    return await tapeOn(name, run, found.path, bundles);
  } catch (error) {
    if (!(error instanceof InputError || error instanceof CommandError)) throw error;
    return { absent: `No window is shown unrolled. ${error.message}` };
  }
}

async function tapeOn(name: string, run: StoredRun, path: string, bundles: string): Promise<Tape> {
  const { checkpoint, vocabulary } = await checkpointOf(name, 'last');
  const encoding = run.text?.encoding;
  const training = TrainingRun.create(
    {
      type: 'start',
      runId: run.runId,
      // Nothing is trained: further threads would only have to be started.
      settings: { ...run.settings, threads: 1 },
      name: run.text?.fileName ?? path,
      file: { path, ...(encoding !== undefined && { encoding }) },
      from: { checkpoint, ...(vocabulary && { vocabulary }), mode: 'exact', isPaused: true },
    },
    thisMachine(bundles),
  );
  try {
    const capture = training.capture();
    const windowStudy = new WindowStudy();
    windowStudy.take(capture);
    return finish(windowStudy.tape({ iteration: capture.iteration, stream: 0 }));
  } finally {
    training.close();
  }
}
