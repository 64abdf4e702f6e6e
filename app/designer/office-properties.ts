import type { ModuleDeclaration } from 'didi'
export const officeProperties: ModuleDeclaration = {}
