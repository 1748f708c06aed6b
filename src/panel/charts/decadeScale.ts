export * from '../../common/decadeScale.ts';
