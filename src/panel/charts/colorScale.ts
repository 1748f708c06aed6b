export * from '../../common/colorScale.ts';
