export * from '../../common/ranges.ts';
