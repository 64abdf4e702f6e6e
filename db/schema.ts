/** Every table, for Drizzle and its migration generator. */
export * from './tables/people.ts'
export * from './tables/reference.ts'
export * from './tables/documents.ts'
export * from './tables/cases.ts'
export * from './tables/letters.ts'
export * from './tables/between-cases.ts'
export * from './tables/decisions.ts'
export * from './tables/flow-drafts.ts'
