export const languages = ['vi', 'en'] as const
export type Language = (typeof languages)[number]
export const defaultLanguage: Language = 'vi'

export const colorSchemes = ['auto', 'light', 'dark'] as const
export type ColorScheme = (typeof colorSchemes)[number]

export const isLanguage = (value: unknown): value is Language => languages.includes(value as Language)
export const isColorScheme = (value: unknown): value is ColorScheme => colorSchemes.includes(value as ColorScheme)
