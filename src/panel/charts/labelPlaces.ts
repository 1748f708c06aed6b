export * from '../../common/labelPlaces.ts';
