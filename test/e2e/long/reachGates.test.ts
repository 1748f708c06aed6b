import { SETTINGS, testsOf } from '../reachOfNetwork.ts';
import { freshSession } from '../support.ts';

testsOf('lstm-2', freshSession({ settings: SETTINGS }), { 'rnnInspector.cell': 'lstm', 'rnnInspector.layers': 2 }, [
  'side-a-turn-all',
  'side-b-turn-all',
  'sum-turn-all',
]);
