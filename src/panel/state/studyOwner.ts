import type { Network } from '../../network/network.ts';
import type { FromPanel, Tab } from '../../protocol/panel.ts';
import type { MatrixName } from '../../protocol/study.ts';

/** What a person chose to look into; kept with the run's other choices. */
export interface StudyChoices {
  readonly stream: number;
  /** The time step chosen; null is the last one. */
  readonly step: number | null;
  /** Which step of side B is open, from 1 on. */
  readonly backwardStep: number;
  /** The matrix that is open, or null. */
  readonly matrix: MatrixName | null;
  /** The iteration whose window is read; null where training is followed. */
  readonly reading: number | null;
}

/** What the study of a window needs of the rest of the panel's state. */
export interface StudyOwner {
  readonly runId: string | undefined;
  readonly network: Network;
  readonly tab: Tab;
  /** The run goes on, or may go on: windows may still come. */
  readonly isTraining: boolean;
  readonly studyChoices: StudyChoices;
  chooseStudy(change: Partial<StudyChoices>): void;
  send(message: FromPanel): void;
  changed(): void;
}
