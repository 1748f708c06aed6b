import * as v from 'valibot';
import { useTranslation } from '../common/l10n.ts';

const Translation = v.object({ language: v.string(), texts: v.record(v.string(), v.string()) });

/**
 * The first import of a page, since tables of words are filled when they are loaded. The host writes the translation into the page
 * (`host/panel/panelHtml.ts`); without one the page is English.
 */
const written = document.getElementById('translation')?.textContent;
if (written !== undefined) useTranslation(v.parse(Translation, JSON.parse(written)));
