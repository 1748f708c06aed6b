/** The records of src/kernels/assembly/network.ts with their fields, in their order; a test holds the lists equal. */
export const RECORDS = {
  Network: [
    'V',
    'H',
    'T',
    'B',
    'inverseN',
    'inputs',
    'targets',
    'outputBias',
    'yhat',
    'dO',
    'rowLoss',
    'output',
    'contributions',
    'contributionCount',
    'operands',
    'operandCount',
    'errors',
    'errorCount',
    'blockSize',
    'parameters',
    'gradients',
    'firstMoment',
    'secondMoment',
    'squares',
    'stepNorm',
    'stepInner',
    'scratch',
    'scratchBytes',
    'learningRate',
    'clipFactor',
    'stepSize',
    'rootCorrection',
  ],
  Contribution: [
    'kind',
    'm',
    'n',
    'W',
    'dW',
    'to',
    'v',
    'u',
    'dv',
    'forwardPanels',
    'backwardPanels',
    'gradientPanels',
    'summed',
    'summedRows',
    'ofU',
    'ofV',
  ],
  Use: ['contribution', 'adds'],
  Stage: ['kind', 'list', 'count', 'isBefore'],
  Operation: ['code', 'adds', 'to', 'x', 'y', 'factorOfX', 'partOfX', 'factorOfY', 'partOfY', 'isBefore'],
  Layer: [
    'network',
    'forwardInputs',
    'backwardInputs',
    'inputCount',
    'forward',
    'forwardCount',
    'backward',
    'backwardCount',
    'zeros',
    'zeroCount',
  ],
  Operand: ['address', 'n', 'later'],
  Address: ['address'],
  MeasuredError: ['address', 'operand'],
} as const;
export type RecordName = keyof typeof RECORDS;
export type FieldOf<R extends RecordName> = (typeof RECORDS)[R][number];

/** The fields that are float32; all others are whole numbers. */
export const FLOAT_FIELDS = [
  'inverseN',
  'learningRate',
  'clipFactor',
  'stepSize',
  'rootCorrection',
  'factorOfX',
  'partOfX',
  'factorOfY',
  'partOfY',
] as const;
export type FloatField = (typeof FLOAT_FIELDS)[number];

export const FIELD_BYTES = 4;

/** The values of the enumerations there, in their order; a test holds these lists equal too. */
export const ENUMERATIONS = {
  Kind: ['OneHot', 'Sequential', 'Whole', 'Bias'],
  StageKind: ['Products', 'Rows'],
  Code: [
    'Affine',
    'AffineTanh',
    'AffineSigmoid',
    'AffineRelu',
    'Tanh',
    'Sigmoid',
    'Relu',
    'TanhSlope',
    'SigmoidSlope',
    'ReluSlope',
    'Multiply',
  ],
} as const;
export type Kind = (typeof ENUMERATIONS.Kind)[number];
export type Code = (typeof ENUMERATIONS.Code)[number];

/** The tasks of `run` in src/kernels/assembly/index.ts, in their order; a test holds the two lists equal. */
export const TASKS = [
  'packForward',
  'forwardInputs',
  'forward',
  'output',
  'packBackward',
  'outputErrors',
  'backward',
  'backwardInputs',
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
