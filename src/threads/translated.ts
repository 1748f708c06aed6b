import { getEnvironmentData } from 'node:worker_threads';
import { type Translation, useTranslation } from '../common/l10n.ts';
import { TRANSLATION_KEY } from './translation.ts';

/** The first import of what runs in a thread, since tables of words are filled when they are loaded. Who started the thread decides. */
useTranslation(getEnvironmentData(TRANSLATION_KEY) as unknown as Translation | undefined);
