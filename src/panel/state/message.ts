import { readingShare } from '../../protocol/reading.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import { groupDigits } from '../format.ts';
import type { MirroredRun } from './mirror.ts';

/** What the panel says about the run as a whole: what is going on, and what to do next. */
export interface Message {
  readonly tone: 'quiet' | 'notice' | 'warning' | 'error';
  readonly text: string;
  readonly actions: readonly MessageAction[];
}
export interface MessageAction {
  readonly intent: 'again' | 'againWithRemedy' | 'trainFile' | 'openSettings' | 'showLog';
  readonly label: string;
}

const AGAIN: MessageAction = { intent: 'again', label: 'Train again' };
const ANOTHER: MessageAction = { intent: 'trainFile', label: 'Train on a file…' };
const SETTINGS: MessageAction = { intent: 'openSettings', label: 'Settings' };
const LOG: MessageAction = { intent: 'showLog', label: 'Show log' };

/** How it stands with the host: it has not answered yet, it has, or what it said could not be read. */
export type Contact = 'waiting' | 'answered' | 'refused';

/** The message for a run, or for having none. */
export function messageFor(run: MirroredRun | undefined, contact: Contact): Message {
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
        text: `Finished after ${after(run)}. Text can still be generated; a new run starts with fresh parameters.`,
        actions: [AGAIN, ANOTHER],
      };
    case 'stopped':
      if (run.description.facts === undefined) {
        return {
          tone: 'notice',
          text: 'Stopped while the text was read: nothing was trained.',
          actions: [AGAIN, ANOTHER],
        };
      }
      return {
        tone: 'notice',
        text: `Stopped after ${after(run)}. Curves and text stay here; a new run starts with fresh parameters.`,
        actions: [AGAIN, ANOTHER],
      };
    case 'failed':
      return failed(run);
    default:
      return run.status.state satisfies never;
  }
}

function starting({ description, status }: MirroredRun): string {
  if (status.reading === undefined) return 'Reading the text and building the network…';
  return `Reading ${description.fileName}: ${readingShare(status.reading)}`;
}

function paused(run: MirroredRun): Message {
  const { notFinite } = run.status;
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

function failed(run: MirroredRun): Message {
  const { failure } = run.status;
  const remedy = failure?.remedy;
  return {
    tone: 'error',
    text: sentence(failure?.message ?? 'The run failed. The log says why'),
    actions: [
      // What was refused before its first iteration will be refused again, so another file comes first.
      ...(remedy ? [{ intent: 'againWithRemedy', label: remedy.label } as const] : []),
      ...(remedy || run.status.iteration === 0 ? [ANOTHER] : [AGAIN, ANOTHER]),
      SETTINGS,
      LOG,
    ],
  };
}

function restored(run: MirroredRun): Message {
  return {
    tone: 'notice',
    text: `This run was restored as it was after ${after(run)}: its history is here, its network is gone. Train again to start anew on the same file.`,
    actions: [AGAIN, ANOTHER],
  };
}

function after({ status }: MirroredRun): string {
  return `${groupDigits(status.iteration)} ${status.iteration === 1 ? 'iteration' : 'iterations'} (${status.epoch.toFixed(2)} epochs)`;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
