/**
 * Which rooms of src/ say what they say in the person's language. A test holds those that are not named here to have no words besides
 * `l10n.t`; who translates a room takes it out of the list.
 */

/** Rooms, and files of others, whose words are still English everywhere. The list only becomes shorter. */
export const TO_COME: readonly string[] = [
  'src/history/',
  'src/inspection/',
  'src/network/',
  'src/panel/charts/',
  'src/panel/network/',
  'src/panel/page.ts',
  'src/panel/pageBridge.ts',
  'src/panel/state/',
  'src/panel/views/',
  'src/protocol/verdict.ts',
  'src/runs/export/',
  'src/runs/format/',
  'src/runs/import/',
  'src/runs/reading/',
  'src/runs/recording/',
  'src/study/',
  'src/text/',
  'src/training/',
];

/** The terminal is English, and files that are read by other programs are. */
export const ENGLISH: readonly string[] = [
  'src/cli.ts',
  'src/cli/',
  'src/kernels/',
  'src/model/',
  // The text that the network learns.
  'src/text/sampleText.ts',
  'src/text/grammar.ts',
];

/** Their words are in package.nls.json, and so translated there. */
export const IN_MANIFEST: readonly string[] = [
  'src/protocol/editorSettings.ts',
  'src/protocol/manifest.ts',
  'src/protocol/runsSettings.ts',
  'src/protocol/settings.ts',
];

/** Words in rooms that are translated which only programs read: kept in files, given to VS Code, or names. */
export const FOR_PROGRAMS: readonly string[] = [
  // The content security policy.
  'img-src data: blob:',
  'RNN Gradient Inspector',
  // Names of optimizers.
  'Adagrad',
  'Adam',
  // Forms of JSON, within a text.
  '{character: id}',
  '{id: character}',
  // Whether a folder was free.
  'taken over',
  // By what the menus of the view choose.
  'run damaged',
  // For the log.
  'Run {} cannot be followed: {}',
  // Who owns a run, as its file says it to other programs.
  'VS Code window',
  'an unknown host',
  'owner of its lock',
  // Kinds of trouble, each told once.
  'not compacted',
  'gave up',
  // In tables that are saved.
  'beyond the window',
  '{} per character',
  '{}, before clipping',
  'before clipping',
];
