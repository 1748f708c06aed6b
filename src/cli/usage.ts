import { EXPORT_FORMATS, EXPORT_FORMAT_IDS } from '../runs/export/index.ts';
import { RUNS_SETTINGS } from '../protocol/runsSettings.ts';
import type { Setting } from '../protocol/setting.ts';
import { SETTING_NAMES, SETTINGS } from '../protocol/settings.ts';

import { DEFAULT_CHECKPOINT_SECONDS, DEFAULT_KEEP_TEXT_MB, DEFAULT_SAMPLE_LENGTH } from './runArguments.ts';
import { CHANGEABLE_IN_FORK, CHANGEABLE_IN_RUN } from '../runs/recording/settingChanges.ts';

const INDENT = ' '.repeat(21);
const LIST_WIDTH = 100;
/** How wide the names of choices are, where none is longer. */
const CHOICE_WIDTH = 10;

const PROGRAM = 'npm run -s headless --';
const COMMANDS = `  train FILE [--encoding NAME] | train --sample
        [--set name=value]... [--iterations N] [--events OUT.jsonl]
        [--inspect MODE] [--threads N] [--kernels NAME]
        [--out RUN [--checkpoint-every SECONDS] [--keep-text MB] [--keep-metrics MB]]
  resume RUN [--set name=value]... [--iterations N] [--epochs E] [--events OUT.jsonl] [--inspect MODE]
        [--threads N] [--checkpoint-every SECONDS] [--keep-metrics MB]
        [--file PATH | --text kept] [--take-over]
  fork RUN --out NEW [--at last|best|ITERATION] [--set name=value]... [--file PATH [--encoding NAME] | --text kept]
        [--iterations N] [--epochs E] [--events OUT.jsonl] [--inspect MODE] [--threads N] [--kernels NAME]
        [--checkpoint-every SECONDS] [--keep-text MB] [--keep-metrics MB]
  import FILE.safetensors --text TEXT [--encoding NAME] --out RUN [--set name=value]...
        [--vocabulary FILE.json | --order ORDER] [--nonlinearity NAME]
  export RUN --to FORMAT [--out PATH] [--checkpoint last|best|ITERATION]
  sample RUN [--prompt S] [--length N] [--temperature X] [--top-k K] [--seed S]
        [--checkpoint last|best|ITERATION]
  backprop VECTOR.json [--kernels NAME]
  replay TRAJECTORY.json [--kernels NAME]
  --help, --version`;
const USAGE = `Usage: ${PROGRAM} COMMAND\n${COMMANDS}`;

/** How a command is called, after arguments that are wrong; how all are, where there is no such command. */
export function usageOf(command: string | undefined): string {
  // A line that goes on is set in further.
  const own = COMMANDS.split(/\n(?= {2}\S)/).find((lines) => lines.trim().split(' ', 1)[0] === command);
  return own === undefined ? USAGE : `Usage: ${PROGRAM} ${own.trim()}\nAll of it: ${PROGRAM} --help`;
}

/** Everything that `--help` prints. */
export function helpText(): string {
  return `RNN Gradient Inspector without VS Code: trains a character-level recurrent network on a text.

${USAGE}

train      Trains on the text in FILE. Progress goes to standard error; the validation loss and a sample of text go to
           standard output at the end. Ctrl-C ends the run cleanly, a second one at once.
  --sample           Trains on the sample text that comes with this program, instead of a file.
  --encoding NAME    Of a FILE without byte order mark: utf-8 (the default), utf-16le, windows-1252, iso-8859-2, koi8-r, shift_jis,
                     gb18030, big5 and the others of the Encoding Standard that Node reads, also by VS Code's names. With
                     --set tokens=bytes a FILE may hold any bytes.
  --set name=value   Changes a setting (below).
  --iterations N     Ends the run after N iterations, if that is before maxEpochs.
  --events OUT.jsonl Writes one JSON object a line to a new file: start, iteration, inspection, validation, vitals, sample, end,
                     and with --out checkpoint: {iteration, reason, bytes}, once it is on the disk. Numbers that are not finite
                     are null. Norms are before clipping. Training waits where the disk does not keep up.
  --inspect MODE     Which iterations are inspected: complete (the default: as many as cost 2 % of the time, with step norms
                     and cosines), display (the same, with cosines more seldom), every (step norms of every iteration) or none.
  --threads N        The same as --set threads=N.
  --kernels NAME     The same as --set kernels=NAME: ${SETTINGS.kernels.choices.join(', ')}.
  --out RUN          Keeps the run in the folder RUN, a new one: its numbers, its text, and checkpoints to go on from: the last
                     two and that of the best validation. Its name is the run's id: small letters, digits and hyphens.
  --checkpoint-every SECONDS  Between two checkpoints (${DEFAULT_CHECKPOINT_SECONDS}); further ones come at each best validation and at the end,
                     also at Ctrl-C. 0: only these.
  --keep-text MB     Keeps the text with the run if it is no longer than that (${DEFAULT_KEEP_TEXT_MB}); the sample text always.
                     Where the folder cannot be written for a while, training goes on and a warning says so; where the end
                     of the run could not be written, the exit code is 1.
  --keep-metrics MB  Keeps every iteration whole up to so many megabytes of numbers (${RUNS_SETTINGS.metricsMB.default}); of older ones the mean, the
                     least and the greatest over several, so that a run of any length takes little room.
resume     Goes on with the run in the folder RUN from its newest checkpoint, with the same losses bit for bit as if it had
           never been interrupted.
  --set name=value   Changes a setting from there on, which run.json notes:${wrapped(CHANGEABLE_IN_RUN)}.
  --iterations N     Ends the run after N iterations, counted from its first one.
  --epochs E         The same as --set maxEpochs=E, for a run that has done all of its own.
  --events OUT.jsonl As above, of the iterations from the checkpoint on; in a file that is there, after what the run wrote before.
  --file PATH        Where the text is now, if it was moved. It must be the same to the byte.
  --text kept        Reads the text that is kept with the run, where the file changed or is gone.
  --take-over        Also where another program owns the run: that one loses it, with what it did since its last checkpoint.
fork       Begins a new run, in the folder NEW, with the network of a checkpoint of the run in RUN, which stays as it is. On the same
           text and with the same sequenceLength and batchSize it goes on where the checkpoint stands, with the numbers up to there.
  --at               The last checkpoint (the default), that of the best validation, or that of an iteration.
  --set name=value   Changes a setting:${wrapped(CHANGEABLE_IN_FORK)}.
  --file PATH        Where the text is now, or another text, whose characters are all in the network's vocabulary.
  --text kept        As above; so are the other options.
import     Makes a run of the network in FILE.safetensors, to go on with on the text in TEXT: resume, sample and export take it. Says
           what was assumed of it, and warns where it does worse on the text than guessing.
  --vocabulary FILE.json  Its symbols, where the file does not say them: a JSON list of characters by id, a table
                     {character: id} or {id: character}, or a text with one character a line.
  --order ORDER      Or what its ids stand for: codepoints (the text's characters, sorted as by Python), appearance (as they
                     first appear in the text), bytes (each id is the byte of that value).
  --nonlinearity NAME  That of its torch.nn.RNN, where the file does not say it: tanh or relu.
  --set cell=NAME, --set layers=N  What it must be; without, both are the network's own.
export     Writes a run in another format, beside its folder or to PATH, and prints where. Nothing is overwritten.
${formatsHelp()}
sample     Writes text with the network of a checkpoint to standard output, nothing else. The same seed writes the same text.
           A network of bytes writes the bytes themselves, on a terminal what they mean.
  --prompt S         The text that it goes on with. Without, it begins at the start of a line.
  --length N         Characters, or bytes, to write (${DEFAULT_SAMPLE_LENGTH}).
  --temperature X    ${SETTINGS.temperature.minimum} to ${SETTINGS.temperature.maximum}; 0 takes the likeliest every time. The run's own where it is not given.
  --top-k K          Draws from the K likeliest characters only; 0 (the default) draws from all.
  --seed S           Of the random numbers (0).
  --checkpoint       The last one (the default), that of the best validation, or that of an iteration.
backprop   Prints the forward and backward pass of a vector file as JSON, in the layout of its "expected".
replay     Prints the losses and gradient norms of a trajectory file as JSON: {loss, gradNorm, stateResetAt}.
           backprop and replay compute with the float64 reference where --kernels does not say otherwise.

Exit codes: 0 done, 1 the file or the run failed, 2 wrong arguments, 130 interrupted.

Settings:
${SETTING_NAMES.map(settingHelp).join('\n')}`;
}

function formatsHelp(): string {
  return EXPORT_FORMAT_IDS.map((id) => `  --to ${id.padEnd(14)}${EXPORT_FORMATS[id].description}.`).join('\n');
}

function settingHelp(name: (typeof SETTING_NAMES)[number]): string {
  const setting: Setting = SETTINGS[name];
  if (setting.type !== 'choice') {
    return `  ${name} (${setting.default}; ${setting.minimum} to ${setting.maximum})\n      ${setting.description}`;
  }
  const { choices, choiceDescriptions } = setting;
  const width = choices.reduce((most, { length }) => Math.max(most, length), CHOICE_WIDTH);
  const each = choices.map((value, index) => `      ${value.padEnd(width)}  ${choiceDescriptions[index]}`);
  return [`  ${name} (${setting.default})`, `      ${setting.description}`, ...each].join('\n');
}

/** Names in a list that goes on below where it begins. */
function wrapped(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    if (lines[lines.length - 1].length + name.length > LIST_WIDTH) lines.push('');
    lines[lines.length - 1] += `${lines[lines.length - 1] === '' ? '' : ' '}${name},`;
  }
  return `\n${lines.map((line) => INDENT + line).join('\n')}`.replace(/,$/, '');
}
