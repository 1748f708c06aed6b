import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { parseRunsSettings } from '../../../src/protocol/runsSettings.ts';

test('the settings of runs are the defaults where nothing is set', () => {
  assert.deepEqual(parseRunsSettings({}), {
    location: 'extension',
    checkpointSeconds: 30,
    maxBytes: 2048 * 1024 * 1024,
    keepTextBytes: 16 * 1024 * 1024,
    metricsBytes: 50 * 1024 * 1024,
  });
  assert.equal(parseRunsSettings({ keepTextMB: 0 }).keepTextBytes, 0);
});

test('a setting of runs out of range is refused with the value and what is allowed', () => {
  const wrong: [string, unknown, RegExp][] = [
    ['location', 'cloud', /location is "cloud"; it must be one of extension, workspace/],
    ['checkpointSeconds', 0, /checkpointSeconds is 0; it must be a whole number from 1 to 3600/],
    ['maxSizeMB', '10', /maxSizeMB is "10"/],
    ['keepTextMB', 1.5, /keepTextMB is 1\.5/],
    ['metricsMB', 9, /metricsMB is 9; it must be a whole number from 10 to 1000000/],
    ['maxSizeMB', NaN, /maxSizeMB is null/],
  ];
  for (const [name, value, message] of wrong) {
    assert.throws(
      () => parseRunsSettings({ [name]: value }),
      (error: unknown) => error instanceof InputError && message.test(error.message),
    );
  }
});
