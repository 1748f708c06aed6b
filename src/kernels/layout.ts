/** The fields of `Network` in src/kernels/assembly/network.ts, in their order; a test holds the two lists equal. */
export const NETWORK_FIELDS = [
  'V',
  'H',
  'T',
  'B',
  'inverseN',
  'inputs',
  'targets',
  'W_xh',
  'W_ah',
  'b_h',
  'W_ao',
  'b_o',
  'dW_xh',
  'dW_ah',
  'db_h',
  'dW_ao',
  'db_o',
  'a',
  'yhat',
  'dO',
  'da',
  'dh',
  'rowLoss',
  'W_xhTransposed',
  'dW_xhTransposed',
  'W_ahPanels',
  'W_ahTransposedPanels',
  'W_aoPanels',
  'W_aoTransposedPanels',
  'blockSize',
  'parameters',
  'gradients',
  'firstMoment',
  'secondMoment',
  'squares',
  'stepNorm',
  'stepInner',
  'dW_ahPanels',
  'dW_aoPanels',
  'scratch',
  'scratchBytes',
  'learningRate',
  'clipFactor',
  'stepSize',
  'rootCorrection',
] as const;
export type NetworkField = (typeof NETWORK_FIELDS)[number];

/** The fields that are float32; all others are whole numbers. */
export const FLOAT_FIELDS = ['inverseN', 'learningRate', 'clipFactor', 'stepSize', 'rootCorrection'] as const;
export type FloatField = (typeof FLOAT_FIELDS)[number];

export const FIELD_BYTES = 4;

/** The tasks of `run` in src/kernels/assembly/index.ts, in their order; a test holds the two lists equal. */
export const TASKS = [
  'packForward',
  'forward',
  'output',
  'packBackward',
  'outputDeltas',
  'backward',
  'gradients',
  'squares',
  'sgd',
  'momentum',
  'adagrad',
  'rmsprop',
  'adam',
  'stepNorms',
  'packGradients',
  'stepInner',
] as const;
export type Task = (typeof TASKS)[number];
