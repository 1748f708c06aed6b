import { SETTING_NAMES, SETTINGS } from '../protocol/settings.ts';

export const USAGE = `Usage: npm run -s headless -- COMMAND
  train FILE [--set name=value]... [--iterations N] [--events OUT.jsonl]
        [--inspect MODE] [--threads N] [--kernels NAME]
  backprop VECTOR.json [--kernels NAME]
  replay TRAJECTORY.json [--kernels NAME]
  --help, --version`;

/** Everything that `--help` prints. */
export function helpText(): string {
  return `RNN Gradient Inspector without VS Code: trains a character-level recurrent network on a text.

${USAGE}

train      Trains on the text in FILE. Progress goes to standard error; the validation loss and a sample of text go to
           standard output at the end. Ctrl-C ends the run cleanly, a second one at once.
  --set name=value   Changes a setting (below).
  --iterations N     Ends the run after N iterations, if that is before maxEpochs.
  --events OUT.jsonl Writes one JSON object a line: start, iteration, inspection, validation, sample, end. Numbers that are not
                     finite are null. Norms are before clipping. Training waits where the disk does not keep up.
  --inspect MODE     Which iterations are inspected: complete (the default: as many as cost 2 % of the time, with step norms
                     and cosines), display (the same, with cosines more seldom), every (step norms of every iteration) or none.
  --threads N        The same as --set threads=N.
  --kernels NAME     The same as --set kernels=NAME: ${SETTINGS.kernels.choices.join(', ')}.
backprop   Prints the forward and backward pass of a vector file as JSON, in the layout of its "expected".
replay     Prints the losses and gradient norms of a trajectory file as JSON: {loss, gradNorm, stateResetAt}.
           backprop and replay compute with the float64 reference where --kernels does not say otherwise.

Exit codes: 0 done, 1 the file or the run failed, 2 wrong arguments, 130 interrupted.

Settings:
${SETTING_NAMES.map(settingHelp).join('\n')}`;
}

function settingHelp(name: (typeof SETTING_NAMES)[number]): string {
  const setting = SETTINGS[name];
  const allowed = setting.type === 'choice' ? setting.choices.join(', ') : `${setting.minimum} to ${setting.maximum}`;
  return `  ${name} (${setting.default}; ${allowed})\n      ${setting.description}`;
}
