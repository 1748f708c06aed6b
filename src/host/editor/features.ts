/** What the editor shows of a run, each with its setting `rnnInspector.editor.*` and its command. */
export const FEATURES = {
  lossShading: { command: 'toggleLossShading', label: 'Loss shading' },
  trainingWindow: { command: 'toggleTrainingWindow', label: 'Training window mark' },
  characterHover: { command: 'toggleCharacterHover', label: 'Character hover' },
  caretLink: { command: 'toggleCaretLink', label: 'Caret link' },
} as const;

export type Feature = keyof typeof FEATURES;
export const FEATURE_NAMES = Object.keys(FEATURES) as Feature[];
