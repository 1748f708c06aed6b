import { readingShare } from '../../protocol/reading.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import { counted, groupDigits, isolated } from '../../common/written.ts';
import type { MirroredRun } from './mirror.ts';
import type { News } from './telling.ts';

/** What of a run is told: nothing of its network. */
type ToldRun = Pick<MirroredRun, 'description' | 'status' | 'history'>;

/** What the panel says about the run as a whole: what is going on, and what to do next. */
export interface Message {
  readonly tone: 'quiet' | 'notice' | 'warning' | 'error';
  readonly text: string;
  readonly actions: readonly MessageAction[];
}
export interface MessageAction {
  readonly intent: 'again' | 'againWithRemedy' | 'resume' | 'loadPaused' | 'trainFile' | 'openSettings' | 'showLog';
  readonly label: string;
  /** What it does, where the label is too short to say it. */
  readonly title?: string;
}

const RESUME: MessageAction = { intent: 'resume', label: 'Resume' };
/** It asks before anything is done. */
const TAKE_OVER: MessageAction = { intent: 'resume', label: 'Take over…' };
export const LOAD: MessageAction = {
  intent: 'loadPaused',
  label: 'Look into the network',
  title: 'Loads the network of the checkpoint and waits, paused: Time steps and Memory show it, and nothing is trained',
};
const AGAIN: MessageAction = { intent: 'again', label: 'Train again' };
const ANOTHER: MessageAction = { intent: 'trainFile', label: 'Train on a file…' };
const SETTINGS: MessageAction = { intent: 'openSettings', label: 'Settings' };
const LOG: MessageAction = { intent: 'showLog', label: 'Show log' };

/** Of a finished run, what the header's button does. */
const CONTINUES = 'Continue, above, trains on for more epochs.';

/** How it stands with the host: it has not answered yet, it has, or what it said could not be read. */
export type Contact = 'waiting' | 'answered' | 'refused';

/** The message for a run, or for having none. */
export function messageFor(run: ToldRun | undefined, contact: Contact): Message {
  if (contact === 'refused') {
    return {
      tone: 'error',
      text: 'The panel could not read what the extension sent, so it shows nothing new. Reload the window; the log has the reason.',
      actions: [LOG],
    };
  }
  if (contact === 'waiting') return { tone: 'quiet', text: 'Waiting for the extension…', actions: [] };
  if (run === undefined) {
    return {
      tone: 'quiet',
      text: 'No network is training. Open a text file and run “RNN Inspector: Train RNN on file” from the command palette, or choose a file here.',
      actions: [ANOTHER],
    };
  }
  if (run.status.trainedBy !== undefined) return watched(run, run.status.trainedBy);
  if (run.status.restored && run.status.state !== 'failed') return restored(run);
  switch (run.status.state) {
    case 'starting':
      return { tone: 'quiet', text: starting(run), actions: [] };
    case 'running':
      return { tone: 'quiet', text: '', actions: [] };
    case 'paused':
      return paused(run);
    case 'finished':
      return {
        tone: 'notice',
        text: `Finished after ${after(run)}.${fewSteps(run)} Text can still be generated. ${run.status.resumable ? `${CONTINUES} ` : ''}Train again starts with fresh parameters.`,
        actions: [AGAIN, ANOTHER],
      };
    case 'stopped':
      if (run.description.facts === undefined && run.status.resumable === undefined) {
        return {
          tone: 'notice',
          text: 'Stopped while the text was read: nothing was trained.',
          actions: [AGAIN, ANOTHER],
        };
      }
      return {
        tone: 'notice',
        text: `Stopped after ${after(run)}. ${run.status.resumable === undefined ? 'Curves and text stay here' : 'Resume, above, goes on from there'}; Train again starts with fresh parameters.`,
        actions: [AGAIN, ANOTHER],
      };
    case 'failed':
      return failed(run);
    default:
      return run.status.state satisfies never;
  }
}

/**
 * What of a message is read out: that a run came to stand otherwise, or by a step; how far it has read or trained meanwhile is there to be
 * looked up.
 */
export function newsOf(run: ToldRun | undefined, { tone, text }: Message): News {
  if (run === undefined) return { key: text, text, isUrgent: true };
  const { state, iteration, trainedBy } = run.status;
  const at = state === 'paused' ? iteration : '';
  const key = [run.description.runId, state, tone, trainedBy ?? '', at].join(' ');
  // What can be done next is the same after every step.
  const isPaused = state === 'paused' && tone === 'notice';
  return { key, text: text === '' ? 'Training' : isPaused ? `Paused after ${after(run)}` : text, isUrgent: true };
}

function starting({ description, status }: ToldRun): string {
  if (status.reading === undefined) return 'Reading the text and building the network…';
  return `Reading ${isolated(description.fileName)}: ${readingShare(status.reading)}`;
}

function paused(run: ToldRun): Message {
  const { notFinite } = run.status;
  if (notFinite === undefined && run.status.iteration === 0) {
    return {
      tone: 'notice',
      text: 'Paused at iteration 0: nothing is trained yet, and the window that comes first can be looked at. Step runs its iteration, Resume goes on.',
      actions: [],
    };
  }
  if (notFinite === undefined) {
    return {
      tone: 'notice',
      text: `Paused after ${after(run)}. Step runs exactly one more iteration, Resume goes on.`,
      actions: [],
    };
  }
  return {
    tone: 'error',
    text: `Paused: ${sentence(notFinite.message)} ${settingsToBlame(run.description.settings)}`,
    actions: [SETTINGS, AGAIN],
  };
}

/** The settings that the advice in a message about numbers that are not finite speaks of. */
function settingsToBlame({ clipNorm, learningRate }: RunSettings): string {
  return `This run has learningRate ${learningRate} and ${clipNorm === 0 ? 'no clipping (clipNorm 0)' : `clipNorm ${clipNorm}`}.`;
}

function failed(run: ToldRun): Message {
  const { failure } = run.status;
  const remedy = failure?.remedy;
  return {
    tone: 'error',
    text: `${sentence(failure?.message ?? 'The run failed. The log says why')}${resumeHint(run)}`,
    actions: [
      ...(run.status.resumable ? [RESUME] : []),
      // What was refused before its first iteration will be refused again, so another file comes first.
      ...(remedy ? [{ intent: 'againWithRemedy', label: remedy.label } as const] : []),
      ...(remedy || run.status.iteration === 0 ? [ANOTHER] : [AGAIN, ANOTHER]),
      SETTINGS,
      LOG,
    ],
  };
}

/** A run that was opened from its folder. */
function restored(run: ToldRun): Message {
  const { notFinite } = run.status;
  if (notFinite !== undefined) {
    return {
      tone: 'error',
      text: `${sentence(notFinite.message)} ${settingsToBlame(run.description.settings)}${resumeHint(run)}`,
      actions: [AGAIN, SETTINGS, ...(run.status.resumable ? [RESUME, LOAD] : [])],
    };
  }
  const { resumable, state } = run.status;
  const was = `${resumable?.wasInterrupted === true ? 'Interrupted' : RESTORED_WORDS[state]} after ${after(run)}`;
  if (resumable === undefined) {
    return {
      tone: 'notice',
      text: `${was}. Its history is here; ${absentNetwork(run)} Train again to start anew on the same file.`,
      actions: [AGAIN, ANOTHER],
    };
  }
  const goesOn = ` ${state === 'finished' ? CONTINUES : 'Resume, above, trains on.'}`;
  // The header's button goes on; only what nobody wanted to end asks for it here too, once there is something to go on from.
  const offersResume = resumable.wasInterrupted && run.status.iteration > 0;
  return {
    tone: resumable.wasInterrupted ? 'warning' : 'notice',
    text: `${was}.${resumeHint(run)}${offersResume ? '' : goesOn}`,
    actions: [...(offersResume ? [RESUME] : []), LOAD, AGAIN],
  };
}

function absentNetwork({ status }: ToldRun): string {
  const { networkPlace } = status;
  return networkPlace === undefined ? 'of its network there is no checkpoint.' : `its network is ${networkPlace}.`;
}

const RESTORED_WORDS: Readonly<Record<ToldRun['status']['state'], string>> = {
  starting: 'Stopped',
  running: 'Stopped',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** Where the run can go on, and what is lost then. */
function resumeHint({ status }: ToldRun): string {
  if (status.resumable === undefined) return '';
  const { iteration, lostSeconds } = status.resumable;
  const lost =
    iteration === status.iteration
      ? status.resumable.wasInterrupted
        ? 'nothing that was recorded is lost'
        : 'nothing is lost'
      : `${counted(status.iteration - iteration, 'iteration', groupDigits)}, ${seconds(lostSeconds)} of training, ${status.iteration - iteration === 1 ? 'is' : 'are'} lost`;
  return ` It can go on from its checkpoint at iteration ${groupDigits(iteration)}; ${lost}.`;
}

function seconds(count: number): string {
  if (count < 0.95) return 'less than a second';
  return count < 10 ? `${count.toFixed(1)} seconds` : `${groupDigits(Math.round(count))} seconds`;
}

function watched(run: ToldRun, owner: string): Message {
  return {
    tone: 'notice',
    text: `This run belongs to ${owner}; here it can be watched. It has done ${after(run)}.`,
    // A program without a lock cannot be told that it lost the run.
    actions: run.status.networkPlace === undefined ? [TAKE_OVER] : [],
  };
}

/** So few iterations teach a network next to nothing: in an epoch, and in all. */
const FEW_PER_EPOCH = 4;
const FEW_IN_ALL = 200;

/** Of a text that one window of all streams nearly reads through: why so little was done, and what gives more. Else empty. */
function fewSteps({ description: { settings, facts }, status }: ToldRun): string {
  if (facts === undefined || facts.iterationsPerEpoch > FEW_PER_EPOCH || status.iteration > FEW_IN_ALL) return '';
  const { sequenceLength: T, batchSize: B } = settings;
  const [product, smaller] =
    B === 1
      ? [`T = ${groupDigits(T)}`, 'A smaller sequenceLength gives']
      : [`T·B = ${groupDigits(T * B)}`, 'A smaller batchSize or sequenceLength gives'];
  return ` An epoch of this text is ${counted(facts.iterationsPerEpoch, 'iteration', groupDigits)} at ${product}. ${smaller} more of them.`;
}

function after({ status }: ToldRun): string {
  return `${counted(status.iteration, 'iteration', groupDigits)} (${status.epoch.toFixed(2)} epochs)`;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
