import type { DisposableStore } from '../../common/disposable.ts';
import type { CompareState } from './compareState.ts';
import type { CompareTheme } from './runStyle.ts';

/** What every view of the comparison may use. */
export interface CompareContext {
  readonly state: CompareState;
  readonly theme: CompareTheme;
  readonly owned: DisposableStore;
  requestUpdate(): void;
}
