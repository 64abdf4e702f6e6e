/** bpmn.io's words in Vietnamese, by the English ones. */
export const vietnamese: ReadonlyMap<string, string> = new Map()
