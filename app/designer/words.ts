/** The project's own words in the properties, by their key under `designer:properties`. */
export type Words = (key: string, values?: Record<string, string>) => string
